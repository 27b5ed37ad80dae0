// What can be wrong with the sheets of a pack, with the heading of a hand-in and with one of its
// rows. Arguments that come from a hand-in are cut to 40 characters, never hold a cell of free
// text, of a person's name or number, and are "…" throughout when the row is personal.
#pragma once

#include "base/error.h"

namespace lixin::catalogue::errc {

constexpr auto bad = failure::unusable_input;
constexpr auto rule = failure::refused;

// --- S-FEEL cells: {0} character, {1}/{2} expected in Chinese and English, {3} found.
inline constexpr message bad_unary_test{"catalogue.bad_unary_test", bad,
                                        "第 {0} 个字符处应为{1}，现为 {3}",
                                        "at character {0} expected {2}, found {3}"};
inline constexpr message cell_too_long{
    "catalogue.cell_too_long", bad, "条件不得超过 {0} 个字节，现为 {1} 个，请拆成几行",
    "a test may have {0} bytes at most and has {1}; split it into several rows"};
inline constexpr message range_reversed{
    "catalogue.range_reversed", bad, "第 {0} 个字符处的区间下限大于上限，请对调",
    "the range at character {0} has its lower end above its upper end; swap them"};

// --- Sheets and columns.
inline constexpr message cannot_read_folder{
    "catalogue.cannot_read_folder", bad, "无法读取 {0}：{1}；请核对路径和权限",
    "cannot read {0}: {2}; check the path and its permissions"};
inline constexpr message too_many_sheets{"catalogue.too_many_sheets", bad,
                                         "一个领域包最多 {0} 张表，现有 {1} 张",
                                         "a pack has {0} sheets at most; {1} stand here"};
inline constexpr message sheet_too_large{"catalogue.sheet_too_large", bad,
                                         "单张表不得超过 {0} 字节，现为 {1} 字节",
                                         "a sheet has {0} bytes at most; this one has {1}"};
inline constexpr message sheet_not_utf8{
    "catalogue.sheet_not_utf8", bad,
    "表应为 UTF-8 编码，第 {0} 个字节起不是；请在办公软件中另存为“CSV UTF-8”",
    "a sheet is UTF-8; from byte {0} on it is not; save it as \"CSV UTF-8\""};
inline constexpr message unknown_sheet{
    "catalogue.unknown_sheet", bad, "没有名为 {0} 的表，可用：{1}；样例请放在 samples 文件夹",
    "there is no sheet {0}; use: {1}; samples belong in the folder samples"};
inline constexpr message doubled_sheet{"catalogue.doubled_sheet", bad,
                                       "表 {0} 出现了两次，请删去一张",
                                       "the sheet {0} is there twice; delete one"};
inline constexpr message missing_sheet{"catalogue.missing_sheet", bad, "缺少 {0}.csv，请补上",
                                       "{0}.csv is missing; add it"};
inline constexpr message unknown_column{"catalogue.unknown_column", bad,
                                        "表头没有名为 {0} 的栏，可用：{1}",
                                        "there is no column {0}; use: {1}"};
inline constexpr message missing_column{"catalogue.missing_column", bad,
                                        "表头缺少 {0} 一栏，请补上",
                                        "the heading lacks the column {0}; add it"};
inline constexpr message doubled_column{"catalogue.doubled_column", bad,
                                        "表头中 {0} 一栏出现了两次，请删去一个",
                                        "the column {0} is there twice; delete one"};
inline constexpr message one_line_expected{
    "catalogue.one_line_expected", bad, "pack.csv 表头下应有且只有一行，现有 {0} 行",
    "pack.csv has exactly one line below its heading; {0} stand here"};

// --- Cells.
inline constexpr message blank_cell{"catalogue.blank_cell", bad, "此栏必填，现为空白",
                                    "this cell must be filled and is blank"};
inline constexpr message unknown_word{"catalogue.unknown_word", bad,
                                      "“{0}”不是此栏的可用值，可用：{1}",
                                      "\"{0}\" is not a word for this cell; use: {1}"};
inline constexpr message doubled_code{"catalogue.doubled_code", bad,
                                      "代码 {0} 已在 {1} 用过，请换一个",
                                      "the code {0} is already used at {1}; choose another"};
inline constexpr message bad_code{
    "catalogue.bad_code", bad, "代码应为 1 至 {1} 个字母、数字或 - _ . 组成，以字母开头，现为 {0}",
    "a code has 1 to {1} letters, digits, - _ or . and begins with a letter; {0} stands here"};
inline constexpr message bad_number{"catalogue.bad_number", bad,
                                    "应为 {1} 至 {2} 之间的整数，现为 {0}",
                                    "expected a whole number from {1} to {2}, found {0}"};
inline constexpr message bad_pack_date{"catalogue.bad_pack_date", bad,
                                       "应为形如 2024-05-01 的日期，现为 {0}",
                                       "expected a date such as 2024-05-01, found {0}"};
inline constexpr message unknown_dataset{"catalogue.unknown_dataset", bad,
                                         "本包没有目录项 {0}，可用：{1}",
                                         "this pack has no dataset {0}; use: {1}"};
inline constexpr message unknown_code_list{"catalogue.unknown_code_list", bad,
                                           "codes.csv 中没有代码表 {0}，可用：{1}",
                                           "codes.csv has no list {0}; use: {1}"};

// --- Datasets, fields, codes.
inline constexpr message natural_person_kind{
    "catalogue.natural_person_kind", rule,
    "自然人不能作为目录项的主体类别；需要封存个人记录的，把 persons 填为 yes",
    "a natural person is no subject kind of a dataset; to seal persons' rows set persons to yes"};
inline constexpr message office_holders{
    "catalogue.office_holders", rule, "目录项涉及公职人员个人（{0}），本系统不接收此类目录项",
    "the dataset is about office-holders as persons ({0}); such datasets are not accepted"};
inline constexpr message forbidden_field{
    "catalogue.forbidden_field", rule,
    "依法不得采集此类信息（“{0}”，《征信业管理条例》第十四条），请删去该字段",
    "the law forbids collecting this (\"{0}\", credit reporting regulation art. 14); delete the "
    "field"};
inline constexpr message adverse_without_basis{"catalogue.adverse_without_basis", rule,
                                               "不良信息的目录项必须写明依据",
                                               "an adverse dataset must name its basis"};
inline constexpr message adverse_without_publicity_end{
    "catalogue.adverse_without_publicity_end", rule,
    "不良信息的目录项必须写明最长公示期（月），不得为空白或 0",
    "an adverse dataset must have a longest term of publicity in months; blank or 0 stands here"};
inline constexpr message adverse_without_retention{
    "catalogue.adverse_without_retention", rule,
    "不良信息的目录项必须写明保存期限（月）和依据，不得为空白或 0",
    "an adverse dataset must have a retention in months and its basis; blank or 0 stands here"};
inline constexpr message minimum_above_maximum{
    "catalogue.minimum_above_maximum", bad, "最短 {0} 个月大于最长 {1} 个月，请改正",
    "the minimum of {0} months is above the maximum of {1} months; mend one of them"};
inline constexpr message dataset_without_fields{"catalogue.dataset_without_fields", bad,
                                                "目录项 {0} 在 fields.csv 中没有字段",
                                                "the dataset {0} has no field in fields.csv"};
inline constexpr message missing_role{"catalogue.missing_role", bad,
                                      "目录项 {0} 缺少用途（role）为 {1} 的字段",
                                      "the dataset {0} lacks a field with the role {1}"};
inline constexpr message doubled_role{"catalogue.doubled_role", bad,
                                      "用途 {0} 已由字段 {1} 担任，一个目录项只能有一个",
                                      "the role {0} is held by the field {1} already; one only"};
inline constexpr message role_needs_type{"catalogue.role_needs_type", bad,
                                         "用途 {0} 的字段类型应为 {1}，现为 {2}",
                                         "a field with the role {0} has the type {1}, not {2}"};
inline constexpr message doubled_heading_word{
    "catalogue.doubled_heading_word", bad, "“{0}”同时是字段 {1} 的代码、名称或别名，导入时无法分辨",
    "\"{0}\" is also a code, title or alias of the field {1}; a hand-in could not tell them apart"};
inline constexpr message length_above_cap{
    "catalogue.length_above_cap", bad, "类型 {0} 的长度最多 {1}，现为 {2}",
    "the type {0} has a length of {1} at most; {2} stands here"};
inline constexpr message choice_without_list{"catalogue.choice_without_list", bad,
                                             "类型 {0} 必须写明代码表（code_list）",
                                             "the type {0} must name a code_list"};
inline constexpr message list_without_choice{"catalogue.list_without_choice", bad,
                                             "类型 {0} 不使用代码表，请清空 code_list",
                                             "the type {0} has no code list; clear code_list"};
inline constexpr message fen_without_unit{
    "catalogue.fen_without_unit", bad, "金额字段的 unit 应为 yuan（元）或 wan（万元），现为 {0}",
    "the unit of a fen field is yuan or wan; {0} stands here"};
inline constexpr message unit_without_fen{"catalogue.unit_without_fen", bad,
                                          "只有金额（fen）字段才有 unit，请清空",
                                          "only fen fields have a unit; clear it"};
inline constexpr message condition_missing{"catalogue.condition_missing", bad,
                                           "required 为 {0} 的字段必须写明条件",
                                           "a field whose required is {0} must have a condition"};
inline constexpr message condition_unexpected{
    "catalogue.condition_unexpected", bad, "required 为 {0} 的字段不用条件，请清空或改为 C、CH",
    "a field whose required is {0} has no condition; clear it or use C or CH"};
inline constexpr message discard_not_hidden{"catalogue.discard_not_hidden", rule,
                                            "discard 字段的 disclosure 只能是 hidden",
                                            "a discard field can only have the disclosure hidden"};
inline constexpr message person_number_public{
    "catalogue.person_number_public", rule,
    "自然人证件号码不得公开或共享，disclosure 应为 consent 或 source",
    "a person's number is never public or shared; its disclosure is consent or source"};
inline constexpr message wildcard_twice{"catalogue.wildcard_twice", bad,
                                        "代码表 {0} 只能有一个以 * 结尾的值",
                                        "the list {0} may have one value that ends in *"};
inline constexpr message doubled_value{"catalogue.doubled_value", bad,
                                       "“{0}”在代码表 {1} 中已指 {2}",
                                       "\"{0}\" already means {2} in the list {1}"};
inline constexpr message meaning_missing{
    "catalogue.meaning_missing", bad,
    "代码表 {0} 用于 {1}，每个值的 meaning 应为 {2} 之一，现为 {3}",
    "the list {0} serves as {1}; each meaning is one of {2}, not {3}"};

// --- Conditions.
inline constexpr message condition_without_colon{
    "catalogue.condition_without_colon", bad, "条件应写成“字段: 值”，第 {0} 个字符处缺少冒号",
    "a condition is written \"FIELD: tests\"; the colon is missing at character {0}"};
inline constexpr message condition_unknown_field{
    "catalogue.condition_unknown_field", bad, "条件用到的字段 {0} 不在目录项 {1} 中，可用：{2}",
    "the condition names {0}, which the dataset {1} does not have; use: {2}"};
inline constexpr message condition_later_field{
    "catalogue.condition_later_field", bad, "条件只能用排在本字段之前的字段，{0} 在其后",
    "a condition may only name fields that stand before its own; {0} comes later"};
inline constexpr message condition_closed_field{
    "catalogue.condition_closed_field", rule, "条件不得使用 {0}：该类型（{1}）的内容不参与判断",
    "a condition may not use {0}: fields of the type {1} take no part in decisions"};
inline constexpr message condition_wrong_type{
    "catalogue.condition_wrong_type", bad, "字段 {0} 的类型是 {1}，条件中应写{2}",
    "the field {0} has the type {1}; write {3} in its condition"};
inline constexpr message condition_value_unlisted{"catalogue.condition_value_unlisted", bad,
                                                  "“{0}”不在代码表 {1} 中，可用：{2}",
                                                  "\"{0}\" is not on the list {1}; use: {2}"};

// --- Terms, lists, matters, measures.
inline constexpr message term_on_neutral{
    "catalogue.term_on_neutral", bad, "目录项 {0} 不是不良信息，不用公示分类",
    "the dataset {0} is not adverse and has no publicity classes"};
inline constexpr message term_above_dataset{
    "catalogue.term_above_dataset", bad, "公示期 {0} 个月超过目录项 {1} 的最长公示期 {2} 个月",
    "{0} months exceed the {2} months that the dataset {1} allows"};
inline constexpr message term_class_none{"catalogue.term_class_none", bad,
                                         "公示分类应为 minor、general、serious 之一",
                                         "the class is minor, general or serious"};
inline constexpr message list_incomplete{"catalogue.list_incomplete", rule,
                                         "名单必须写明{1}（{0}），现为空白",
                                         "a list must state its {0} ({1}); it is blank"};
inline constexpr message list_dataset_lacks_role{
    "catalogue.list_dataset_lacks_role", rule,
    "名单 {0} 依托的目录项 {1} 缺少用途为 {2} 的字段；没有它，列入不产生效力",
    "the list {0} rests on the dataset {1}, which has no field with the role {2}; without it an "
    "entry has no effect"};
inline constexpr message list_without_end{
    "catalogue.list_without_end", rule,
    "不良信息的名单必须有列入期限：请填 term_months（1 以上），或者把目录项 {0} 的 valid_to "
    "字段设为必填（M）",
    "an adverse list must end: give term_months (1 or more), or make the valid_to field of the "
    "dataset {0} mandatory (M)"};
inline constexpr message measure_kind_not_taken{
    "catalogue.measure_kind_not_taken", bad,
    "目录项 {1} 不收{0}，这项措施不会适用于该类主体，请删去",
    "the dataset {1} does not take {2}, so the measure can never meet it; delete the kind"};
inline constexpr message measure_incomplete{"catalogue.measure_incomplete", rule,
                                            "奖惩措施必须写明{1}（{0}），现为空白",
                                            "a measure must state its {0} ({1}); it is blank"};
inline constexpr message unknown_matter{
    "catalogue.unknown_matter", bad,
    "没有事项 {0}，可用：{1}；由别的领域包定义的，请一并列出该包的文件夹",
    "there is no matter {0}; use: {1}; name the folder of the pack that has it along"};
inline constexpr message unknown_list{
    "catalogue.unknown_list", bad,
    "没有名单 {0}，可用：{1}；由别的领域包定义的，请一并列出该包的文件夹",
    "there is no list {0}; use: {1}; name the folder of the pack that has it along"};
inline constexpr message condition_needs_own_list{
    "catalogue.condition_needs_own_list", bad, "带条件的措施只能依托本包的名单，{0} 不在本包",
    "a measure with a condition rests on a list of its own pack; {0} is not one"};
inline constexpr message code_of_other_pack{"catalogue.code_of_other_pack", bad,
                                            "代码 {0} 已由领域包 {1} 使用",
                                            "the code {0} is used by the pack {1}"};

// --- Samples.
inline constexpr message sample_without_today{
    "catalogue.sample_without_today", bad, "样例须有一行注释写明基准日，如“# today: 2026-11-24”",
    "a sample needs a comment line with its day, such as \"# today: 2026-11-24\""};
inline constexpr message sample_heading{"catalogue.sample_heading", bad,
                                        "样例表头的前两栏应为 expect、reasons",
                                        "the first two columns of a sample are expect and reasons"};
inline constexpr message sample_differs{"catalogue.sample_differs", bad,
                                        "预期 {0}（{1}），实际 {2}（{3}）",
                                        "expected {0} ({1}), found {2} ({3})"};

// --- Heading of a hand-in.
inline constexpr message no_heading{
    "catalogue.no_heading", bad, "第一行没有一个可识别的栏目名，应为“{0}”的表头；可先下载空白模板",
    "no cell of the first row is a known heading; expected the heading of \"{1}\"; get the "
    "template"};
inline constexpr message unknown_heading{
    "catalogue.unknown_heading", bad, "目录项“{1}”没有“{0}”一栏，可用：{3}；请改名或删去此栏",
    "\"{2}\" has no column \"{0}\"; use: {3}; rename or delete the column"};
inline constexpr message doubled_heading{
    "catalogue.doubled_heading", bad, "“{0}”与“{1}”指的是同一栏（{2}），请删去一个",
    "\"{0}\" and \"{1}\" are the same column ({2}); delete one"};
inline constexpr message missing_heading{"catalogue.missing_heading", bad,
                                         "缺少必填的“{0}”（{1}）一栏，请补上",
                                         "the mandatory column \"{2}\" ({1}) is missing; add it"};

// --- Rows of a hand-in.
inline constexpr message missing_mandatory{"catalogue.missing_mandatory", bad, "此栏必填，现为空白",
                                           "this cell is mandatory and blank"};
inline constexpr message missing_conditional{
    "catalogue.missing_conditional", bad, "按本行其他内容，此栏必填（{0}），现为空白",
    "given the rest of the row this cell must be filled ({0}); it is blank"};
inline constexpr message too_long{"catalogue.too_long", bad, "最多 {0} 个字，现为 {1} 个，请缩短",
                                  "{0} characters at most; {1} stand here; shorten it"};
inline constexpr message not_on_list{"catalogue.not_on_list", bad, "“{0}”不在代码表中，应为：{1}",
                                     "\"{0}\" is not on the list: {1}"};
inline constexpr message bad_date{
    "catalogue.bad_date", bad,
    "“{0}”不是有效日期，应形如 2024-05-01、2024/5/1、20240501 或 2024年5月1日",
    "\"{0}\" is not a date; write 2024-05-01, 2024/5/1, 20240501 or 2024年5月1日"};
inline constexpr message date_in_future{"catalogue.date_in_future", bad,
                                        "日期 {0} 晚于今天（{1}），请核对",
                                        "the date {0} is after today ({1}); check it"};
inline constexpr message dates_out_of_order{"catalogue.dates_out_of_order", bad,
                                            "{0} 早于“{1}”的 {3}，请核对两个日期",
                                            "{0} is before {3} of \"{2}\"; check both dates"};
inline constexpr message bad_amount{
    "catalogue.bad_amount", bad,
    "“{0}”不是有效金额：单位为{1}，不得为负数、不带千分位和单位，最多 {2} 位小数",
    "\"{0}\" is no amount: in {3}, not negative, without thousands "
    "separators or unit, {2} decimals at most"};
inline constexpr message bad_integer{"catalogue.bad_integer", bad, "“{0}”不是{1}至 {2} 之间的整数",
                                     "\"{0}\" is not a whole number from {1} to {2}"};
inline constexpr message credit_code_invalid{
    "catalogue.credit_code_invalid", bad, "统一社会信用代码“{0}”未通过校验：{1}",
    "the unified social credit code \"{0}\" fails at its {2}"};
inline constexpr message code_was_number{
    "catalogue.code_was_number", bad,
    "代码被表格软件当成了数字，末几位可能已丢失；请把该列设为“文本”后重新填写",
    "the spreadsheet took the code for a number and may have lost its last digits; format the "
    "column as text and type it again"};
inline constexpr message organisation_code_invalid{
    "catalogue.organisation_code_invalid", bad, "组织机构代码“{0}”应为 9 位且校验位正确",
    "the organisation code \"{0}\" must have 9 signs and a right check sign"};
inline constexpr message organisation_code_differs{
    "catalogue.organisation_code_differs", bad,
    "组织机构代码“{0}”与统一社会信用代码第 9 至 17 位“{1}”不一致",
    "the organisation code \"{0}\" differs from signs 9 to 17 of the credit code, \"{1}\""};
inline constexpr message registration_number_invalid{
    "catalogue.registration_number_invalid", bad,
    "工商注册号“{0}”应为校验位正确的 15 位数字或 13 位旧号",
    "the registration number \"{0}\" must have 15 digits with a right check digit, or 13"};
inline constexpr message class_against_identity{
    "catalogue.class_against_identity", bad, "类别“{0}”与所填的证件或代码不符：{1}",
    "the class \"{0}\" disagrees with the identity cells: {2}"};
inline constexpr message no_identifier{
    "catalogue.no_identifier", bad,
    "没有可用于认定主体的代码；名称不能单独作为依据，请填写统一社会信用代码等",
    "no code says who this is; a name alone never binds a record; fill in the credit code"};
inline constexpr message personal_row_not_taken{
    "catalogue.personal_row_not_taken", rule, "本目录项不接收自然人的信息，该行未保存",
    "this dataset takes no natural persons; nothing of the row was kept"};
inline constexpr message personal_number_in_text{
    "catalogue.personal_number_in_text", rule, "此栏含有{0}，请删去个人信息后重报；该行未保存",
    "this cell holds a {1}; remove it and hand the row in again; nothing of the row was kept"};
inline constexpr message kind_not_taken{"catalogue.kind_not_taken", rule,
                                        "本目录项不接收{0}，可接收：{1}",
                                        "this dataset does not take a {2}; it takes: {3}"};
inline constexpr message extra_cells{"catalogue.extra_cells", bad,
                                     "第 {0} 列有内容，但表头没有对应的栏，请删去或补上表头",
                                     "column {0} has content but no heading; delete it or name it"};
inline constexpr message sealed_without_identity{
    "catalogue.sealed_without_identity", bad,
    "该行按自然人处理（类别为自然人，或没有有效的组织机构代码），但没有证件号码；属于组织的，请填写"
    "类别和正确的代码",
    "the row counts as a natural person's (by its class, or for want of a valid organisation code) "
    "but has no ID number; for an organisation fill in its class and right code"};
inline constexpr message person_number_invalid{
    "catalogue.person_number_invalid", bad, "证件号码与证件类型不符或校验位有误，请核对原件",
    "the ID number does not fit its type or its check sign is wrong; compare with the original"};

// Notes: they do not refuse.
inline constexpr message pair_unlisted{
    "catalogue.pair_unlisted", bad,
    "统一社会信用代码前两位“{0}”不在标准所列组合中，已按校验结果接收",
    "signs 1-2 of the credit code, \"{0}\", are no listed pair; accepted by its check sign"};
inline constexpr message inner_check{
    "catalogue.inner_check", bad,
    "统一社会信用代码中组织机构代码的校验位不符，已按整码校验结果接收",
    "the organisation code inside the credit code has another check sign; accepted by the whole"};

// --- Packs and city settings in the database.
inline constexpr message version_differs{
    "catalogue.version_differs", rule,
    "领域包 {0} 的版本 {1} 已经装入，内容与现在的表不同。已装入的版本不得改动：请在 pack.csv "
    "中写新的版本号。",
    "version {1} of pack {0} is loaded already with other sheets. A loaded version is never "
    "edited: give "
    "pack.csv a new version"};
inline constexpr message stored_pack_broken{
    "catalogue.stored_pack_broken", failure::internal,
    "数据库中领域包 {0} 版本 {1} 的表有 {2} "
    "处错误，第一处：{3}。请用新版程序重新装入，或从备份恢复。",
    "the stored sheets of pack {0}, version {1}, have {2} fault(s), the first: {4}. Load a new "
    "version or "
    "restore a backup"};
inline constexpr message no_packs{"catalogue.no_packs", failure::not_found,
                                  "还没有装入领域包。请先运行 lixin pack load packs/*。",
                                  "no pack is loaded yet. Run `lixin pack load packs/*` first"};
inline constexpr message no_calendar{
    "catalogue.no_calendar", failure::not_found,
    "还没有装入工作日历。请先运行 lixin city load <城市文件夹>。",
    "no working-day calendar is loaded yet. Run `lixin city load <city folder>` first"};
inline constexpr message city_column_missing{
    "catalogue.city_column_missing", bad, "{0} 缺少“{1}”栏，现有：{2}。请补上这一栏。",
    "{0} lacks the column {1}; it has {2}. Add the column"};
inline constexpr message city_cell_bad{"catalogue.city_cell_bad", bad, "应为{1}，现为“{0}”。",
                                       "expected {2}, found “{0}”"};

}  // namespace lixin::catalogue::errc
