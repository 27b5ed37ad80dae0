// Rows a second of the checker, against copying the same cells into strings (what any reader must
// do).
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

#include "catalogue/row_check.h"

namespace lixin::catalogue {
namespace {

std::vector<tabular::cell> cells_of(const std::vector<std::string>& texts) {
  std::vector<tabular::cell> out;
  for (const std::string& t : texts) out.push_back({t, tabular::cell_kind::text});
  return out;
}

const std::vector<std::string>& penalty_heading() {
  static const std::vector<std::string> heading{
      "CF_XDR_MC",   "CF_XDR_LB",   "CF_XDR_SHXYM", "CF_XDR_GSZC", "CF_XDR_ZZJG", "CF_XDR_SWDJ",
      "CF_XDR_SYDW", "CF_XDR_SHZZ", "CF_FRDB",      "CF_FR_ZJLX",  "CF_FR_ZJHM",  "CF_XDR_ZJLX",
      "CF_XDR_ZJHM", "CF_WSH",      "CF_WFXW",      "CF_SY",       "CF_YJ",       "CF_CFLB",
      "CF_NR",       "CF_NR_FK",    "CF_NR_WFFF",   "CF_NR_ZKDX",  "CF_JDRQ",     "CF_YXQ",
      "CF_GSJZQ",    "CF_CFJG",     "CF_CFJGDM",    "CF_SJLY",     "CF_SJLYDM",   "BZ"};
  return heading;
}

const std::vector<std::string>& penalty_row() {
  static const std::vector<std::string> row{"沧州示例甲有限公司",
                                            "法人及非法人组织",
                                            "91130900MA9Y00A16R",
                                            "",
                                            "",
                                            "",
                                            "",
                                            "",
                                            "示例人",
                                            "身份证",
                                            "",
                                            "",
                                            "",
                                            "沧市监罚字〔2026〕12号",
                                            "未按规定公示年度报告",
                                            "当事人逾期未公示2025年度报告，经责令改正后仍未改正",
                                            "《企业信息公示暂行条例》第十八条",
                                            "警告；罚款",
                                            "给予警告，并处罚款贰仟元",
                                            "0.2",
                                            "",
                                            "",
                                            "2026-11-03",
                                            "2099-12-31",
                                            "",
                                            "示例市市场监督管理局",
                                            "11130900009900013N",
                                            "示例市市场监督管理局",
                                            "11130900009900013N",
                                            ""};
  return row;
}

void check_penalty_row(benchmark::State& state) {
  auto sheets = read_sheets(LIXIN_SOURCE_DIR "/packs/double-publicity");
  pack_check loaded = check_pack(std::move(sheets).value(), "packs/double-publicity");
  const dataset& d = *loaded.pack->dataset_named("penalty");
  heading_check heading = map_headings(d, cells_of(penalty_heading()));
  const row_checker checker(d, std::move(heading.map), date(2026, 11, 24));
  const auto cells = cells_of(penalty_row());
  checked_row row;
  for (auto _ : state) {
    checker.check(2, cells, row);
    if (row.verdict != row_verdict::clean) state.SkipWithError("the row must be clean");
    benchmark::DoNotOptimize(row);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(check_penalty_row);

void copy_penalty_row(benchmark::State& state) {
  const auto cells = cells_of(penalty_row());
  std::vector<std::string> values(cells.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < cells.size(); ++i) values[i].assign(cells[i].text);
    benchmark::DoNotOptimize(values);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(copy_penalty_row);

void content_of_penalty_row(benchmark::State& state) {
  auto sheets = read_sheets(LIXIN_SOURCE_DIR "/packs/double-publicity");
  pack_check loaded = check_pack(std::move(sheets).value(), "packs/double-publicity");
  const dataset& d = *loaded.pack->dataset_named("penalty");
  heading_check heading = map_headings(d, cells_of(penalty_heading()));
  const row_checker checker(d, std::move(heading.map), date(2026, 11, 24));
  checked_row row;
  checker.check(2, cells_of(penalty_row()), row);
  for (auto _ : state) benchmark::DoNotOptimize(content_json(d, row.values));
}
BENCHMARK(content_of_penalty_row);

}  // namespace
}  // namespace lixin::catalogue

BENCHMARK_MAIN();
