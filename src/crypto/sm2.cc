#include "crypto/sm2.h"

#include <botan/data_src.h>
#include <botan/ecdsa.h>
#include <botan/pubkey.h>
#include <botan/sm2.h>
#include <botan/system_rng.h>
#include <botan/x509_key.h>

#include <exception>

#include "crypto/errc.h"

namespace lixin::crypto {
namespace {

constexpr const char* curve = "sm2p256v1";
constexpr const char* padding = "1234567812345678,SM3";
constexpr std::size_t number_bytes = 32;

const std::uint8_t* raw(std::string_view s) {
  return reinterpret_cast<const std::uint8_t*>(s.data());
}

const Botan::EC_Group& group() {
  static const Botan::EC_Group g(curve);
  return g;
}

Botan::BigInt number_of(std::string_view bytes) { return Botan::BigInt(raw(bytes), bytes.size()); }

Botan::SM2_PrivateKey private_key(std::string_view secret) {
  LIXIN_ASSERT(secret.size() == number_bytes);
  Botan::System_RNG random;
  Botan::BigInt d = number_of(secret) % (group().get_order() - 2);
  return Botan::SM2_PrivateKey(random, group(), d + 1);
}

Botan::PointGFp point_of(std::string_view point) {
  return group().point(number_of(point.substr(0, number_bytes)),
                       number_of(point.substr(number_bytes)));
}

std::string bytes_of(const Botan::PointGFp& p) {
  std::string out;
  for (const Botan::BigInt& n : {p.get_affine_x(), p.get_affine_y()}) {
    const auto bytes = Botan::BigInt::encode_1363(n, number_bytes);
    out.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  }
  return out;
}

}  // namespace

std::string sm2_sign(std::string_view secret, std::string_view message) {
  Botan::System_RNG random;
  const auto key = private_key(secret);
  Botan::PK_Signer signer(key, random, padding, Botan::IEEE_1363);
  const auto out = signer.sign_message(raw(message), message.size(), random);
  return std::string(reinterpret_cast<const char*>(out.data()), out.size());
}

std::string sm2_public_point(std::string_view secret) {
  return bytes_of(private_key(secret).public_point());
}

bool sm2_verify(std::string_view point, std::string_view message, std::string_view signature) {
  if (point.size() != 2 * number_bytes || signature.size() != 2 * number_bytes) return false;
  try {
    const auto p = point_of(point);
    if (!p.on_the_curve() || p.is_zero()) return false;
    const Botan::SM2_PublicKey key(group(), p);
    Botan::PK_Verifier verifier(key, padding, Botan::IEEE_1363);
    return verifier.verify_message(raw(message), message.size(), raw(signature), signature.size());
  } catch (const std::exception&) {
    return false;
  }
}

std::string sm2_to_pem(std::string_view point) {
  LIXIN_ASSERT(point.size() == 2 * number_bytes);
  // As a plain key of the curve: Botan's own identifier for SM2 keys is read by nobody else.
  return Botan::X509::PEM_encode(Botan::ECDSA_PublicKey(group(), point_of(point)));
}

result<std::string> sm2_from_pem(std::string_view pem) {
  try {
    Botan::DataSource_Memory source(raw(pem), pem.size());
    const std::unique_ptr<Botan::Public_Key> key(Botan::X509::load_key(source));
    const auto* ec = dynamic_cast<const Botan::EC_PublicKey*>(key.get());
    if (ec == nullptr || ec->domain() != group() || !ec->public_point().on_the_curve()) {
      return error(errc::not_sm2_key);
    }
    return bytes_of(ec->public_point());
  } catch (const std::exception&) {
    return error(errc::not_sm2_key);
  }
}

}  // namespace lixin::crypto
