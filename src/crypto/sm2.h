// SM2 signatures (GB/T 32918.2 on the curve of GB/T 32918.5, digest SM3, the signer's id always
// 1234567812345678) and the public key as PEM, which OpenSSL and others read. A signature is 64
// bytes: r and s. Thread-safe.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace lixin::crypto {

// secret: 32 bytes of a key file. The private number is secret mod (n - 2) + 1, so that any 32
// bytes are a key.
std::string sm2_sign(std::string_view secret, std::string_view message);
// The point of the public key: x and y, 32 bytes each.
std::string sm2_public_point(std::string_view secret);
// False also when the point is not on the curve or a length is wrong.
bool sm2_verify(std::string_view point, std::string_view message, std::string_view signature);

// SubjectPublicKeyInfo: id-ecPublicKey with the named curve 1.2.156.10197.1.301.
std::string sm2_to_pem(std::string_view point);
// errc::not_sm2_key
result<std::string> sm2_from_pem(std::string_view pem);

}  // namespace lixin::crypto
