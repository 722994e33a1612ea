"""列名对照: what other people's sheets call our columns and values; it learns from each correction."""

from __future__ import annotations

from typing import Any

from models.core.checks import Problems
from models.core.fields import Text
from models.core.record import Entry
from models.core.register import REGISTERS, Column, Register

#: What sheets usually write for a column, by the column's own label; the table goes before it.
USUAL_HEADERS: dict[str, tuple[str, ...]] = {
    "主体名称": (
        "名称",
        "单位名称",
        "企业名称",
        "经营者名称",
        "店名",
        "字号",
        "字号名称",
        "商户名称",
        "市场主体名称",
    ),
    "当事人": ("当事人名称", "持证人", "许可证持有人", "营业执照名称"),
    "当事人统一社会信用代码": (
        "信用代码",
        "社会信用代码",
        "统一信用代码",
        "统一社会信用代码（身份证号码）",
        "营业执照号",
        "营业执照编号",
        "注册号",
    ),
    "统一社会信用代码": ("信用代码", "社会信用代码", "统一信用代码"),
    "许可证证照编号": (
        "许可证号",
        "许可证编号",
        "证号",
        "许可证（备案）号",
        "登记证编号",
        "许可证/编号",
        "食品经营许可证号",
        "食品经营许可证编号",
        "证照号",
    ),
    "许可证有效期至": ("有效期至", "有效期", "许可证有效期", "证照有效期至", "到期日期"),
    "经营地址": ("地址", "经营场所", "详细地址", "经营场所地址", "住所", "单位地址"),
    "负责人": (
        "法人",
        "法定代表人",
        "法人代表",
        "经营者",
        "业主",
        "法定代表人（负责人）",
        "联系人",
        "企业负责人",
    ),
    "联系电话": ("电话", "手机", "手机号", "手机号码", "联系方式", "电话号码", "负责人电话"),
    "乡镇（街道）": (
        "乡镇街道",
        "乡镇",
        "街道",
        "所属街道",
        "所属乡镇",
        "乡（镇、街道）",
        "乡镇/街道",
        "属地",
    ),
    "村（社区）": ("村社区", "村", "社区", "村居", "村/社区", "所属社区", "行政村"),
    "主体类别": ("业态", "类别", "主体业态", "经营类别", "类型", "业态类型", "经营业态"),
    "状态": ("经营状态", "主体状态", "营业状态", "登记状态"),
    "包保层级": ("包保级别", "包保等级", "分级", "层级"),
    "监管分局": ("分局", "监管所", "所属分局", "监管单位", "日常监管机构"),
    "经营面积": ("面积", "面积（㎡）", "营业面积"),
    "就餐人数": ("人数", "用餐人数"),
    "开业日期": ("成立日期", "开业时间"),
    "备注": ("说明", "其他"),
    "被检查单位": ("单位", "单位名称", "企业名称", "主体", "检查对象", "名称"),
    "主体": ("单位", "单位名称", "企业名称", "主体名称", "名称", "包保企业名称", "包保企业", "包保主体"),
    "单位": ("单位名称", "企业名称", "主体名称", "主体"),
    "被抽样单位": ("单位名称", "被抽单位", "企业名称", "主体名称"),
    "检查日期": ("日期", "检查时间"),
    "检查人员": ("执法人员", "检查人"),
    "所属专项": ("专项", "专项行动"),
    "隐患描述": ("问题", "存在问题", "问题描述", "隐患", "发现问题"),
    "整改完成日期": ("整改日期", "完成日期", "销号日期"),
    "包保干部": ("包保领导", "干部", "包保干部姓名", "姓名"),
    "包保起": ("包保起始日期", "起始日期", "开始日期"),
    "姓名": ("名字", "人员姓名"),
    "执法证号": ("证件号", "执法证件号", "证号"),
}
#: What sheets usually write for a value of a list, by the value's own label.
USUAL_VALUES: dict[str, tuple[str, ...]] = {
    "在营": ("正常", "营业", "正常经营", "正常营业", "开业", "在业", "存续", "营业中"),
    "停业": ("歇业", "暂停营业", "停产", "停业中"),
    "注销": ("已注销", "关闭"),
    "吊销": ("已吊销",),
    "失联": ("查无", "查无下落", "无法联系"),
    "食品生产": ("生产", "生产企业", "食品生产企业"),
    "食品销售": ("销售", "食品销售经营者", "商超", "超市"),
    "餐饮服务": ("餐饮", "餐饮服务经营者", "饭店", "餐馆", "社会餐饮"),
    "学校食堂": ("学校", "中小学食堂"),
    "幼儿园食堂": ("幼儿园", "托幼机构食堂"),
    "单位食堂": ("机关食堂", "企业食堂", "集中用餐单位食堂"),
    "食品摊贩": ("摊贩", "小摊贩"),
    "小作坊": ("食品小作坊",),
    "个体工商户": ("个体", "个体户"),
    "单位": ("企业", "公司"),
}


class HeaderAlias(Entry):
    """One correspondence: in sheets for a register, this text means that column, or that value of a column."""

    title = "列名对照"
    label_field = "written"
    register_title = Text("台账", required=True, search=True, max_length=40, width=10, help="如“主体名册”")
    written = Text("文件中的写法", required=True, search=True, pinyin=True, sort="name_key", width=16)
    target = Text("栏目", required=True, search=True, width=16, help="本程序的栏目名称，如“主体名称”")
    value = Text("取值", search=True, width=12, help="对照的是列名的留空；对照取值的填写，如“在营”")

    sections = (("列名对照", ("register_title", "written", "target", "value")),)

    live_indexes = ((("register_title", "written"), False),)

    @classmethod
    def check(cls, draft: Any, problems: Problems) -> None:
        from models.transfer.targets import targets

        title, written, target = draft["register_title"], draft["written"], draft["target"]
        found = next((r for r in REGISTERS.values() if r.title == title), None)
        if not (title and written and target):
            return
        if found is None:
            names = "、".join(r.title for r in REGISTERS.values() if not r.hidden)
            problems.error("register_title", "unknown", f"没有“{title}”这个台账，可填：{names}")
            return
        labels = [t.label for t in targets(found).values()]
        if target not in labels:
            problems.error(
                "target", "unknown", f"“{title}”没有“{target}”这个栏目，可填：{'、'.join(labels[:40])}"
            )
        same = cls.live().where(cls.register_title == title, cls.written == written)
        same = (
            same.where(cls.target == target, cls.value != "")
            if draft["value"]
            else same.where(cls.value == "")
        )
        if draft.record is not None:
            same = same.where(cls.id != draft.record.id)
        if same.exists():
            problems.error("written", "duplicate", f"“{written}”已有对照，请打开原来的那一条修改")


REGISTER = Register(
    name="header_aliases",
    title="列名对照",
    model=HeaderAlias,
    icon="columns",
    unit="条",
    columns=(Column("register_title"), Column("written"), Column("target"), Column("value")),
    order=(("register_title", False), ("target", False), ("written", False)),
    filters=("register_title", "target"),
)
