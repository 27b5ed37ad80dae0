// What can be wrong with an organisation's identifier. No sentence repeats the whole text: it may
// be a natural person's number in the wrong column.
#pragma once

#include "base/error.h"

namespace lixin::identity::errc {

inline constexpr message code_missing{
    "identity.code_missing", failure::unusable_input,
    "应填 18 位统一社会信用代码，实际为空。请按证照原件填写。",
    "expected a unified social credit code of 18 signs, but nothing stands here. Take it from the "
    "certificate."};

inline constexpr message code_length{
    "identity.code_length", failure::unusable_input,
    "统一社会信用代码应为 18 位，实际为 {0} 位。请对照证照原件核对，不要自行增减。",
    "a unified social credit code has 18 signs, but {0} stand here. Compare with the certificate; "
    "do "
    "not add or remove signs by guess."};

inline constexpr message code_looks_like_registration{
    "identity.code_looks_like_registration", failure::unusable_input,
    "统一社会信用代码应为 18 位，实际为 15 位，像是旧的工商注册号。请填写现行证照上的 18 "
    "位代码，或把此号填到"
    "“工商注册号”栏。",
    "a unified social credit code has 18 signs, but 15 stand here, which looks like an old "
    "registration number. Give the 18 signs of the present certificate, or put this number in the "
    "column for registration numbers."};

inline constexpr message code_looks_like_organisation{
    "identity.code_looks_like_organisation", failure::unusable_input,
    "统一社会信用代码应为 18 位，实际为 9 位，像是旧的组织机构代码。请填写现行证照上的 18 "
    "位代码，或把此号填到"
    "“组织机构代码”栏。",
    "a unified social credit code has 18 signs, but 9 stand here, which looks like an old "
    "organisation code. Give the 18 signs of the present certificate, or put this one in the "
    "column "
    "for organisation codes."};

inline constexpr message excel_number{
    "identity.excel_number", failure::unusable_input,
    "此处被表格软件改成了科学记数，原号码的后几位已丢失。请把该列设为“文本”格式，再按证照原件重新填"
    "写。",
    "a spreadsheet turned this into a number with an exponent and its last signs are lost. Set the "
    "column's format to text and type the number again from the certificate."};

inline constexpr message code_alphabet{
    "identity.code_alphabet", failure::unusable_input,
    "统一社会信用代码只用数字和大写字母（不用 I、O、S、V、Z），第 {0} 位是“{1}”。常见原因是把数字 "
    "0、1、5、2 "
    "写成了字母 O、I、S、Z，请对照证照原件核对。",
    "a unified social credit code is made of digits and capital letters without I, O, S, V, Z, but "
    "sign {0} is \"{1}\". Often the digits 0, 1, 5, 2 were taken for O, I, S, Z; compare with the "
    "certificate."};

inline constexpr message not_utf8{
    "identity.not_utf8", failure::unusable_input,
    "第 {0} 个字节起不是 UTF-8 编码的文字。请把文件另存为 UTF-8 编码。",
    "what begins at byte {0} is not text in UTF-8. Save the file in UTF-8."};

inline constexpr message placeholder{
    "identity.placeholder", failure::unusable_input,
    "这是占位用的号码（整段都是同一个字符），不是真实的代码。确实没有代码的，请留空并在相应栏注明原"
    "因。",
    "this is a placeholder (one sign repeated), not a real code. Where there is no code, leave the "
    "cell empty and say why in the column for that."};

inline constexpr message code_division{"identity.code_division", failure::unusable_input,
                                       "统一社会信用代码的第 3 至 8 位应为 6 "
                                       "位数字的行政区划码，第 {0} 位是“{1}”。请对照证照原件核对。",
                                       "signs 3 to 8 of a unified social credit code are the six "
                                       "digits of a division, but sign {0} is "
                                       "\"{1}\". Compare with the certificate."};

inline constexpr message code_check_sign{
    "identity.code_check_sign", failure::unusable_input,
    "统一社会信用代码校验不符：按前 17 "
    "位计算，末位应为“{1}”，实际为“{0}”。出错的也可能是其他任何一位，请对照证照"
    "原件核对，不要只改末位。",
    "the check sign does not fit: the first 17 signs call for \"{1}\", but \"{0}\" stands at the "
    "end. Any other sign may be the wrong one, so compare with the certificate instead of changing "
    "the last sign."};

inline constexpr message organisation_form{
    "identity.organisation_form", failure::unusable_input,
    "组织机构代码应为 9 位：前 8 位是数字或大写字母，末位是数字或 X；实际为 {0} "
    "位或含有其他字符。请对照代码证核对。",
    "an organisation code has 9 signs, 8 digits or capital letters and then a digit or X, but {0} "
    "signs stand here or others are among them. Compare with the certificate."};

inline constexpr message organisation_check_sign{
    "identity.organisation_check_sign", failure::unusable_input,
    "组织机构代码校验不符：按前 8 "
    "位计算，末位应为“{1}”，实际为“{0}”。出错的也可能是其他任何一位，请对照代码证核对。",
    "the check sign does not fit: the first 8 signs call for \"{1}\", but \"{0}\" stands at the "
    "end. "
    "Any other sign may be the wrong one, so compare with the certificate."};

inline constexpr message registration_form{
    "identity.registration_form", failure::unusable_input,
    "工商注册号应为 15 位数字（2007 年以前为 13 位），实际为 {0} "
    "位或含有其他字符。请对照营业执照核对。",
    "a business registration number has 15 digits (13 before 2007), but {0} signs stand here or "
    "others are among them. Compare with the business licence."};

inline constexpr message registration_check_digit{
    "identity.registration_check_digit", failure::unusable_input,
    "工商注册号校验不符：按前 14 "
    "位计算，末位应为“{1}”，实际为“{0}”。出错的也可能是其他任何一位，请对照营业执照核对。",
    "the check digit does not fit: the first 14 digits call for \"{1}\", but \"{0}\" stands at the "
    "end. Any other digit may be the wrong one, so compare with the business licence."};

}  // namespace lixin::identity::errc
