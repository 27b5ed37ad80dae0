#include "city/words.h"

#include <fmt/format.h>

namespace lixin::city {
namespace {

using std::string_view;

constexpr std::array<county, 16> county_list{{
    {"130902", "新华区", "沧州市新华区", 60},
    {"130903", "运河区", "沧州市运河区", 75},
    {"130921", "沧县", "沧县", 70},
    {"130922", "青县", "青县", 45},
    {"130923", "东光县", "东光县", 35},
    {"130924", "海兴县", "海兴县", 22},
    {"130925", "盐山县", "盐山县", 45},
    {"130926", "肃宁县", "肃宁县", 35},
    {"130927", "南皮县", "南皮县", 36},
    {"130928", "吴桥县", "吴桥县", 28},
    {"130929", "献县", "献县", 58},
    {"130930", "孟村回族自治县", "孟村回族自治县", 22},
    {"130981", "泊头市", "泊头市", 58},
    {"130982", "任丘市", "任丘市", 85},
    {"130983", "黄骅市", "黄骅市", 55},
    {"130984", "河间市", "河间市", 80},
}};

constexpr std::array<string_view, 72> syllables{
    "柏", "澄", "朗", "禾", "岳", "霁", "沐", "砚", "桐", "棠", "屿", "珂", "岑", "芃", "旻",
    "漪", "煦", "昀", "簌", "苇", "洵", "筠", "溯", "蘅", "岚", "荻", "垣", "峤", "翎", "钧",
    "樾", "珩", "璞", "韶", "湛", "汀", "渚", "阡", "陌", "霖", "冀", "衡", "骥", "骞", "翊",
    "晏", "朔", "瀚", "泓", "沣", "泺", "淇", "济", "渤", "弘", "彦", "珺", "琅", "圻", "垚",
    "堃", "焓", "炜", "烁", "铄", "锴", "钰", "镕", "锟", "穗", "菽", "粟"};

constexpr std::array<string_view, 36> trades{
    "商贸",     "建材",     "管道装备", "机械制造", "食品", "粮油",     "包装制品", "五金制品",
    "化工",     "环保科技", "电子科技", "汽车配件", "物流", "运输",     "建筑工程", "装饰工程",
    "园林绿化", "农业开发", "畜牧",     "水产",     "医药", "医疗器械", "餐饮管理", "酒店管理",
    "文化传媒", "教育咨询", "人力资源", "物业服务", "铸造", "橡塑制品", "玻璃制品", "服装",
    "皮毛制品", "家具",     "新能源",   "信息技术"};

constexpr std::array<string_view, 6> company_forms{"有限公司",     "有限公司",     "有限公司",
                                                   "有限责任公司", "股份有限公司", "厂"};

constexpr std::array<string_view, 18> shops{"便民超市", "餐馆",   "面馆",     "五金店", "烟酒店",
                                            "早餐店",   "水果店", "服装店",   "理发店", "汽修部",
                                            "电动车行", "药材行", "建材门市", "快餐店", "饭店",
                                            "文具店",   "洗车行", "粮油门市"};

constexpr std::array<string_view, 10> crops{"金丝小枣", "冬枣",   "鸭梨", "苜蓿", "蔬菜",
                                            "肉羊",     "小杂粮", "对虾", "花生", "果品"};
constexpr std::array<string_view, 9> institutions{"中心小学",   "初级中学",     "实验幼儿园",
                                                  "中心卫生院", "文化馆",       "农业技术推广站",
                                                  "图书馆",     "市政养护中心", "水利服务站"};
constexpr std::array<string_view, 8> societies{"行业协会",   "商会",     "养老服务中心",
                                               "志愿服务队", "培训学校", "社区服务中心",
                                               "书画研究会", "武术协会"};
constexpr std::array<string_view, 6> offices{"镇人民政府", "乡人民政府", "街道办事处",
                                             "镇财政所",   "林场管理局", "开发区管理委员会"};
constexpr std::array<string_view, 20> stems{"甲", "乙", "丙", "丁", "戊", "己", "庚",
                                            "辛", "壬", "癸", "子", "丑", "寅", "卯",
                                            "辰", "巳", "午", "未", "申", "酉"};
constexpr std::array<string_view, 12> streets{"测试大街", "样例路",   "示范道",   "虚拟街",
                                              "演示路",   "验证大道", "模拟东路", "模拟西路",
                                              "样板街",   "试验路",   "例证巷",   "仿真路"};
constexpr std::array<string_view, 16> scopes{"食品销售；日用百货销售；农副产品销售。",
                                             "管道及管件制造、销售；金属制品加工。",
                                             "普通货物道路运输；仓储服务（不含危险化学品）。",
                                             "建筑工程施工；市政工程施工；园林绿化工程施工。",
                                             "餐饮服务；预包装食品销售。",
                                             "机械设备及配件生产、销售、维修。",
                                             "橡胶制品、塑料制品生产与销售。",
                                             "农作物种植、初加工与销售；农业技术咨询。",
                                             "信息技术开发、技术咨询；电子产品销售。",
                                             "五金、建材、装饰材料批发与零售。",
                                             "环保设备研发、销售、安装；环境治理。",
                                             "服装、皮毛制品加工与销售。",
                                             "汽车维修；汽车零配件销售。",
                                             "物业管理；保洁服务；家政服务。",
                                             "药品零售；第一类医疗器械销售。",
                                             "会议及展览服务；广告设计、制作、发布。"};

std::string brand(random& r, int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out.append(r.pick(syllables));
  return out;
}

// 沧州 + brand + trade + form; one in ten with the place in brackets after the brand.
std::string company_name(random& r, const county& where, int more) {
  const std::string mark = brand(r, 2 + more);
  const string_view trade = r.pick(trades);
  const string_view form = r.pick(company_forms);
  if (r.permille(100)) return fmt::format("{}（沧州）{}{}", mark, trade, form);
  if (r.permille(450)) return fmt::format("沧州{}{}{}", mark, trade, form);
  return fmt::format("{}{}{}{}", where.in_names, mark, trade, form);
}

}  // namespace

std::span<const county> counties() { return county_list; }

const county& pick_county(random& r) {
  static constexpr std::uint32_t total = [] {
    std::uint32_t sum = 0;
    for (const county& c : county_list) sum += c.weight;
    return sum;
  }();
  std::uint32_t n = r.below(total);
  for (const county& c : county_list) {
    if (n < c.weight) return c;
    n -= c.weight;
  }
  return county_list.back();
}

std::string compose_name(random& r, body kind, const county& where, int more) {
  switch (kind) {
    case body::enterprise:
      return company_name(r, where, more);
    case body::individual_business:
      return fmt::format("{}{}{}", where.in_names, brand(r, 2 + more), r.pick(shops));
    case body::cooperative:
      return fmt::format("{}{}{}种植农民专业合作社", where.in_names, brand(r, 2 + more),
                         r.pick(crops));
    case body::institution:
      return fmt::format("{}{}{}", where.in_names, brand(r, 2 + more), r.pick(institutions));
    case body::social_organisation:
      return fmt::format("{}{}{}", where.in_names, brand(r, 2 + more), r.pick(societies));
    case body::government_body:
      return fmt::format("{}{}{}", where.in_names, brand(r, 2 + more), r.pick(offices));
  }
  return {};
}

std::string compose_person(random& r) {
  return fmt::format("测试{}{}", r.pick(stems), r.pick(stems));
}

std::string compose_address(random& r, const county& where) {
  return fmt::format("河北省沧州市{}{}{}号", where.title, r.pick(streets), r.between(1, 399));
}

string_view type_of(random& r, body kind) {
  switch (kind) {
    case body::enterprise:
      return r.permille(800) ? "有限责任公司(自然人投资或控股)" : "股份有限公司(非上市)";
    case body::individual_business:
      return "个体工商户";
    case body::cooperative:
      return "农民专业合作社";
    case body::institution:
      return "事业单位";
    case body::social_organisation:
      return r.permille(500) ? "社会团体" : "民办非企业单位";
    case body::government_body:
      return "机关";
  }
  return {};
}

string_view trade_scope(random& r) { return r.pick(scopes); }

}  // namespace lixin::city
