#include "base/error.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>

namespace lixin {

error error::at(place outer) && {
  if (where_.file.empty()) where_.file = std::move(outer.file);
  if (where_.sheet.empty()) where_.sheet = std::move(outer.sheet);
  if (where_.row == 0) where_.row = outer.row;
  if (where_.column.empty()) where_.column = std::move(outer.column);
  return std::move(*this);
}

std::string error::sentence(language lang) const {
  fmt::dynamic_format_arg_store<fmt::format_context> store;
  for (const std::string& arg : args_) store.push_back(std::cref(arg));
  const std::string_view format = lang == language::zh ? message_->zh : message_->en;
  try {
    return fmt::vformat(format, store);
  } catch (const fmt::format_error&) {
    // An argument is missing: our mistake, but the reader still gets the sentence.
    return std::string(format);
  }
}

std::string error::text(language lang) const {
  const bool zh = lang == language::zh;
  std::string out;
  const auto add = [&](std::string_view before, std::string_view what, std::string_view after) {
    if (!out.empty()) out += zh ? "，" : ", ";
    out.append(before).append(what).append(after);
  };
  if (!where_.file.empty()) add("", where_.file, "");
  if (!where_.sheet.empty()) add(zh ? "工作表 " : "sheet ", where_.sheet, "");
  if (where_.row != 0) {
    add(zh ? "第 " : "row ", std::to_string(where_.row), zh ? " 行" : "");
  }
  if (!where_.column.empty()) add(zh ? "“" : "column ", where_.column, zh ? "”栏" : "");
  if (!out.empty()) out += zh ? "：" : ": ";
  return out + sentence(lang);
}

std::string reason_of(int error_number, language lang) {
  if (lang == language::en) return std::strerror(error_number);
  switch (error_number) {
    case ENOENT:
      return "没有这个文件或文件夹";
    case EACCES:
    case EPERM:
      return "没有权限";
    case EISDIR:
      return "这是文件夹，不是文件";
    case ENOTDIR:
      return "路径中有一段不是文件夹";
    case EEXIST:
      return "同名文件已经存在";
    case ENAMETOOLONG:
      return "名称过长";
    case ENOSPC:
    case EDQUOT:
      return "磁盘空间不足";
    case EROFS:
      return "磁盘只读";
    case EMFILE:
    case ENFILE:
      return "打开的文件过多";
    case EPIPE:
      return "接收输出的程序已经结束";
    case EIO:
      return "读写出错";
    default:
      return std::strerror(error_number);
  }
}

int exit_code(failure kind) {
  switch (kind) {
    case failure::unusable_input:
      return 2;
    case failure::not_found:
      return 4;
    case failure::refused:
      return 5;
    case failure::unavailable:
      return 69;
    case failure::internal:
      return 70;
  }
  return 70;
}

}  // namespace lixin
