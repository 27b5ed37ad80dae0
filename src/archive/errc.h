#pragma once

#include "base/error.h"

namespace lixin::archive::errc {

// ---- reasons of pending rows

inline constexpr message subject_unknown{
    "archive.subject_unknown", failure::unusable_input,
    "代码有效，但本平台尚未登记这一主体；本行已保存待定，登记信息归集后可办理，不必重新报送。",
    "The codes are valid, but this subject is not registered here yet; the row is kept and can be "
    "decided once the registration is in, without a new hand-in."};

inline constexpr message subject_ambiguous{
    "archive.subject_ambiguous", failure::unusable_input,
    "本行的各项代码分属不同主体；本行已保存待定，请核对代码后由信用中心确认归属。",
    "The codes of this row belong to different subjects; the row is kept until the centre decides "
    "which one is meant."};

inline constexpr message counterpart_changed{
    "archive.counterpart_changed", failure::unusable_input,
    "同一文号此前归集在另一主体名下；系统不自动改动，请声明“替换原相对人”或“同案另一当事人”（填当事"
    "人序号）。",
    "The same document was handed in before for another subject; nothing is changed by itself: "
    "declare "
    "that this row replaces it, or that it is another party (party ordinal)."};

inline constexpr message would_revert{
    "archive.would_revert", failure::unusable_input,
    "本行与该记录的一个旧版本相同，接受后将退回旧内容；已保存待定，请确认是否如此。",
    "This row equals an older version of the record and would take it back; it is kept until "
    "someone "
    "confirms that."};

inline constexpr message newer_stands{
    "archive.newer_stands", failure::unusable_input,
    "该记录已有更晚批次报送的内容，接受本行将以较早的报送覆盖它。",
    "A later hand-in has said something else about this record; accepting the row would put the "
    "older hand-in in its place."};

// Of a row that was pending and is refused now.
inline constexpr message pending_rejected{
    "archive.pending_rejected", failure::unusable_input,
    "待定行经办理未予采纳：{0}。如有异议，请更正后重新报送。",
    "The pending row was rejected: {0}. If that is wrong, mend the row and hand it in again."};

// ---- decisions about pending rows

inline constexpr message no_such_row{
    "archive.no_such_row", failure::not_found,
    "批次 {0} 没有第 {1} 行。待定的行见 lixin pending list。",
    "Batch {0} has no row {1}. `lixin pending list` shows the pending rows."};

inline constexpr message row_not_pending{
    "archive.row_not_pending", failure::refused,
    "批次 {0} 第 {1} 行不是待定行（当前为“{2}”），不能再办理。",
    "Row {1} of batch {0} is not pending (it is “{3}”), so there is nothing to decide."};

inline constexpr message batch_taken_back{
    "archive.batch_taken_back", failure::refused, "批次 {0} 已撤回或正在撤回，其待定行不再办理。",
    "Batch {0} is withdrawn or being withdrawn; its pending rows are not decided any more."};

inline constexpr message pending_no_content{
    "archive.pending_no_content", failure::refused,
    "批次 {0} 第 {1} 行涉及自然人或暂存期已满，按规定不保留内容，无法据以办理。"
    "请通知信源单位核对后重新报送，本行用 --reject 退回。",
    "Row {1} of batch {0} is about a natural person or older than rows are kept, so there is no "
    "content to decide by. Ask the source for a new hand-in and reject this row (--reject)."};

inline constexpr message pending_content_differs{
    "archive.pending_content_differs", failure::refused,
    "批次 {0} 第 {1} 行无法由保存的单元格还原出当时核验过的内容。请用 --reject 退回，"
    "并通知信源单位重新报送。",
    "Row {1} of batch {0} cannot be restored from its kept cells as it was checked. Reject it "
    "(--reject) and ask the source for a new hand-in."};

inline constexpr message decision_unclear{
    "archive.decision_unclear", failure::unusable_input,
    "请给出一种办理方式：--bind、--replaces、--another-party、--accept、--reject 或 "
    "--withdraw-proposal；其中 --bind 可与前三种之一并用，--replaces 与 --another-party 不能并用，"
    "后两种须单独使用。",
    "Give one decision: --bind, --replaces, --another-party, --accept, --reject or "
    "--withdraw-proposal; --bind may go with one of the next three, --replaces not with "
    "--another-party, and the last two stand alone."};

inline constexpr message fact_missing{
    "archive.fact_missing", failure::unusable_input,
    "指定主体（--bind 代码）时须用 --fact 给出第二项依据：本行所载的该主体另一代码，"
    "或与本行名称一致的登记名称（含曾用名）。仅凭名称或一个代码不予归属。",
    "Naming a subject (--bind CODE) takes a second fact (--fact): another code of it that the row "
    "holds, or its registered or former name if it is the row's. One code or a name alone never "
    "binds."};

inline constexpr message fact_not_held{
    "archive.fact_not_held", failure::refused,
    "所给依据（--fact）不成立：它既不是本行所载、又登记在该主体名下的另一代码，"
    "也不是该主体登记过且与本行一致的名称。请核对主体代码和依据。",
    "The fact (--fact) does not hold: it is neither another code that the row holds and that is "
    "registered for this subject, nor a name that the subject has or had and that is the row's. "
    "Check the subject's code and the fact."};

inline constexpr message bind_elsewhere{
    "archive.bind_elsewhere", failure::refused,
    "本行所载代码登记在其他主体名下，不能归属到所指定的主体。请在这些代码所属的主体中选择，"
    "或用 --reject 退回。",
    "The row's codes are registered for other subjects, so it cannot be bound to the one named. "
    "Choose among those, or reject the row (--reject)."};

inline constexpr message bind_second_code{
    "archive.bind_second_code", failure::refused,
    "本行是登记信息，其统一社会信用代码与所指定主体的不同，不能并入。请用 --reject 退回。",
    "The row is a registration with another credit code than the subject named, so it cannot be "
    "added to it. Reject the row (--reject)."};

inline constexpr message still_pending{"archive.still_pending", failure::refused,
                                       "按此办理仍有问题未定：{0}{1}",
                                       "With this decision the row would still be open: {2}{3}"};

inline constexpr message decision_not_asked{
    "archive.decision_not_asked", failure::refused,
    "{0} 与本行的情况不符：{1}。请按待定原因选择办理方式（见 lixin pending list）。",
    "{0} does not fit this row: {2}. Decide by the reason for which it is pending (see lixin "
    "pending list)."};

inline constexpr message party_number_bad{
    "archive.party_number_bad", failure::unusable_input,
    "另一当事人的序号（--another-party）应为 1 至 9999，且不同于本行现在的序号 {0}。",
    "The ordinal of another party (--another-party) must be 1 to 9999 and differ from the row's "
    "own, {0}."};

inline constexpr message no_proposal{
    "archive.no_proposal", failure::refused, "批次 {0} 第 {1} 行没有待复核的办理意见，无可撤回。",
    "Row {1} of batch {0} has no proposal that waits for a second person; there is nothing to "
    "withdraw."};

inline constexpr message decision_text_too_long{
    "archive.decision_text_too_long", failure::unusable_input, "{0}不能超过 {1} 个字符。请缩短。",
    "{2} may have {1} characters at most; shorten it."};

inline constexpr message retention_ended{
    "archive.retention_ended", failure::refused,
    "这份文书的记录保存期已满，内容已依规定清除；不再归集，也不重新建立记录。",
    "The record of this document was kept for its full term and its content is gone; it is not "
    "taken in again."};

// ---- hand-ins

inline constexpr message dataset_unknown{"archive.dataset_unknown", failure::unusable_input,
                                         "没有目录项“{0}”。现有目录项：{1}。",
                                         "There is no dataset “{0}”. Those in force: {1}."};

inline constexpr message authority_unknown{
    "archive.authority_unknown", failure::unusable_input,
    "没有信源单位“{0}”。全部单位的代码见 lixin city show；新单位请先在城市设置的 authorities.csv "
    "中登记，再运行 lixin city load。",
    "There is no authority “{0}”. `lixin city show` lists them all; add a new one to the city's "
    "authorities.csv and run `lixin city load`."};

inline constexpr message headings_unusable{
    "archive.headings_unusable", failure::unusable_input,
    "表头有 {0} 处问题，没有读入任何数据行。请确认目录项选对；空白填报表可用 lixin dataset "
    "template "
    "{1} 填报表.xlsx 生成。",
    "The heading has {0} fault(s); no row was read. Make sure that the dataset is the right one; "
    "`lixin dataset template {1} form.xlsx` writes the empty form."};

inline constexpr message already_running{
    "archive.already_running", failure::unavailable,
    "同一文件正在由另一进程归集（{0}）。请等待其完成。",
    "Another process is handing in the same file ({0}). Wait until it has finished."};

inline constexpr message file_changed{
    "archive.file_changed", failure::unusable_input,
    "文件在归集过程中被改动。已提交的行有效；请用不再改动的文件重新报送。",
    "The file changed while it was being read. What was committed stands; hand in a file that no "
    "one "
    "writes to any more."};

inline constexpr message cannot_read_file{
    "archive.cannot_read_file", failure::unusable_input, "无法读取文件：{0}。请检查路径和权限。",
    "The file cannot be read: {1}. Check the path and its permissions."};

inline constexpr message no_such_batch{"archive.no_such_batch", failure::not_found,
                                       "没有批次 {0}。用 lixin batch list 查看全部批次。",
                                       "There is no batch {0}. `lixin batch list` shows them all."};

inline constexpr message reason_missing{
    "archive.reason_missing", failure::unusable_input,
    "缺少{0}：撤回、异议、修复等操作都必须写明来源。请补充后重试。",
    "{1} is missing: a withdrawal, dispute or repair must state its source. Give it and try "
    "again."};

inline constexpr message personal_number_in_text{
    "archive.personal_number_in_text", failure::unusable_input,
    "{0}中含有{1}，已拒绝且未作记录。请改写后重试，不要写出个人的号码。",
    "{2} holds a {3}; it was refused and not written anywhere. Put it without the number of a "
    "person "
    "and try again."};

// ---- records

inline constexpr message bad_record_name{
    "archive.bad_record_name", failure::unusable_input,
    "“{0}”不是记录编号。记录编号形如 1203-88412，见 lixin subject show 的输出。",
    "“{0}” is not a record's number. They look like 1203-88412; `lixin subject show` prints them."};

inline constexpr message no_such_record{"archive.no_such_record", failure::not_found,
                                        "没有记录 {0}。请核对编号。",
                                        "There is no record {0}. Check the number."};

inline constexpr message event_not_possible{
    "archive.event_not_possible", failure::refused, "记录 {0} 当前状态为“{1}”，不能{2}。",
    "Record {0} is “{3}” now, so this is not possible: {4}."};

inline constexpr message repair_too_early{
    "archive.repair_too_early", failure::refused,
    "记录 {0} 的最短公示期到 {1} 届满，此前不能修复。",
    "Record {0} has a minimum publicity term up to {1}; it cannot be repaired before."};

inline constexpr message record_moved{
    "archive.record_moved", failure::refused, "记录 {0} 已改归 {1}，请对 {1} 办理。",
    "Record {0} went to another subject; it is {1} now. Use that number."};

inline constexpr message rebind_to_itself{
    "archive.rebind_to_itself", failure::unusable_input,
    "记录 {0} 本来就归在“{1}”名下，不需要改归。请核对 --to 的代码。",
    "Record {0} is bound to “{1}” as it stands. Check the code given with --to."};

inline constexpr message rebind_withdrawn{
    "archive.rebind_withdrawn", failure::refused,
    "记录 {0} 所在批次已撤回，没有可改归的内容。如需归集，请以正确主体重新报送。",
    "The hand-in of record {0} was taken back, so nothing is there to move. Hand the document in "
    "again for the right subject."};

inline constexpr message rebind_registration{
    "archive.rebind_registration", failure::refused,
    "记录 {0} 是主体登记信息，由其自身代码确定主体，不能改归。如属重复登记，请用 lixin subject "
    "alias。",
    "Record {0} is a registration, which names its subject itself. For a subject that was "
    "registered twice use `lixin subject alias`."};

inline constexpr message rebind_kind{
    "archive.rebind_kind", failure::refused,
    "目录项“{0}”不收此类主体：“{1}”是{2}。请核对 --to 的代码。",
    "Dataset {3} takes no subject of this kind: “{1}” is of the kind {4}. Check the code given "
    "with --to."};

inline constexpr message second_person_missing{
    "archive.second_person_missing", failure::refused,
    "本操作涉及失信名单列入记录，会改变谁受限制，须经第二人复核。请用 --approved-by 写明复核人。",
    "This touches an entry of an adverse list and changes who is barred, so it takes two persons. "
    "Name the second one with --approved-by."};

inline constexpr message second_person_same{
    "archive.second_person_same", failure::refused,
    "复核人（--approved-by）与经办人（--as）同为“{0}”。须由两人分别经办和复核。",
    "The second person (--approved-by) and the actor (--as) are both “{0}”. It takes two persons."};

inline constexpr message event_in_future{
    "archive.event_in_future", failure::unusable_input,
    "日期 {0} 晚于今天（{1}）。请填写已经发生的日期。",
    "The date {0} is after today ({1}). Give a date that has come."};

inline constexpr message content_ended{
    "archive.content_ended", failure::refused,
    "记录 {0} 的内容保存期满，已清除，不能再办理异议、修复、撤销或改归。",
    "The content of record {0} was kept for its full term and is gone; it can no longer be "
    "disputed, repaired, withdrawn or bound to another subject."};

inline constexpr message content_broken{
    "archive.content_broken", failure::internal,
    "记录 {0} 第 {1} 版的内容无法读取。请从备份恢复，并保留现场以便查明原因。",
    "The content of record {0}, version {1}, cannot be read. Restore it from a backup and keep "
    "what "
    "stands there for the inquiry."};

}  // namespace lixin::archive::errc
