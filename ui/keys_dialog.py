"""The overview of the program's keys (F1); knows words only."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from ui.kit.buttons import button
from ui.kit.palette import UNIT

KEYS = (
    (
        "全局",
        (
            ("Alt+1 … Alt+9、Alt+0", "打开各页"),
            ("Ctrl+Tab", "下一页，加 Shift 上一页"),
            ("Ctrl+K", "在全部台账里找"),
            ("Ctrl+Z", "撤销"),
            ("Ctrl+Y、Ctrl+Shift+Z", "重做"),
            ("F1", "这张快捷键表"),
        ),
    ),
    (
        "业务",
        (
            ("Ctrl+Shift+K", "由检查或隐患开具通知书"),
            ("Ctrl+Shift+Q", "签发"),
            ("Ctrl+Shift+S", "登记送达"),
            ("Ctrl+Shift+F", "登记复查"),
            ("Alt+Y、Alt+T、Alt+M、Alt+X", "整改督办：延期、约谈、移送、销号"),
            ("Ctrl+Shift+P", "打印文书"),
            ("Ctrl+Shift+A", "案卷：文书、照片装订成一个 PDF"),
            ("Ctrl+Shift+B", "指派包保干部；包保干部上登记承诺书"),
            ("Ctrl+Shift+N、Ctrl+Shift+D", "自动拟派、按标准定层级"),
            ("Ctrl+Shift+J", "离任交接"),
            ("Ctrl+Shift+Y", "督导问题移交检查"),
            ("Ctrl+Shift+U、Ctrl+Shift+T", "专项对象范围、为专项对象安排检查任务"),
        ),
    ),
    (
        "表单",
        (
            ("回车、Tab", "下一项"),
            ("Ctrl+S", "保存"),
            ("Esc", "关闭，有改动时会先问"),
            ("F4", "日期：打开日历"),
            ("F6", "检查表单：逐项填检查要点"),
            ("今天、+15、6/5", "日期可以这样写"),
        ),
    ),
    (
        "台账",
        (
            ("Ctrl+N", "新增"),
            ("回车、双击", "打开选中记录的表单"),
            ("直接打字", "从打的字起修改选中的格，输入法也可以"),
            ("F2、Alt+回车", "在格内修改；回车向下，Tab 向右，Esc 放弃"),
            ("Delete、退格", "清除选中格的内容"),
            ("Ctrl+C、Ctrl+V", "复制、粘贴一片单元格，可与 Excel、WPS 互贴"),
            ("Ctrl+D", "向下填充"),
            ("Ctrl+H", "查找和替换，先看结果再写入"),
            ("Ctrl+;", "日期格填今天"),
            ("Ctrl+B", "批量修改选中的记录"),
            ("Alt+↓", "筛选这一列；右击列名可排序、冻结、隐藏"),
            ("Alt+V", "视图：保存、调用常用的筛选、顺序和列"),
            ("Ctrl+F", "搜索（汉字、拼音首字母、代码、电话）"),
            ("Ctrl+-", "移除选中的记录，可恢复"),
            ("F4", "显示或收起详情"),
            ("F5", "刷新"),
            ("Ctrl+P", "打印清单"),
            ("Ctrl+滚轮、Ctrl+0", "放大缩小、恢复 100%"),
            ("Ctrl+I、Ctrl+E", "导入、导出表格"),
        ),
    ),
)


FRAME = 48
"""Height of a window's own title bar and edges, in pixels."""


class KeysDialog(QDialog):
    """Four groups of keys in two columns, those of the lists in the second."""

    def __init__(self, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setWindowTitle("快捷键")
        body = QWidget()
        columns = QHBoxLayout(body)
        columns.setContentsMargins(0, 0, 2 * UNIT, 0)
        columns.setSpacing(5 * UNIT)
        for half in (KEYS[:-1], KEYS[-1:]):
            column = QVBoxLayout()
            for group, keys in half:
                column.addWidget(self._group(group, keys))
            column.addStretch(1)
            columns.addLayout(column)
        foot = QHBoxLayout()
        foot.addStretch(1)
        close = button("知道了", self.accept, kind="primary", parent=self)
        close.setAutoDefault(True)
        close.setDefault(True)
        foot.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(3 * UNIT, 3 * UNIT, 3 * UNIT, 2 * UNIT)
        box.setSpacing(2 * UNIT)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(body)
        scroll.setMinimumWidth(body.sizeHint().width() + 2 * UNIT)
        box.addWidget(scroll, 1)
        box.addLayout(foot)
        room = self.screen().availableGeometry().height() - FRAME
        self.resize(self.sizeHint().width(), min(body.sizeHint().height() + 10 * UNIT, room))

    def _group(self, title: str, keys: tuple[tuple[str, str], ...]) -> QFrame:
        frame = QFrame()
        grid = QGridLayout(frame)
        grid.setContentsMargins(0, 0, 0, UNIT)
        grid.setHorizontalSpacing(2 * UNIT)
        grid.setVerticalSpacing(6)
        head = QLabel(title)
        head.setProperty("role", "heading")
        grid.addWidget(head, 0, 0, 1, 2)
        for row, (key, words) in enumerate(keys, 1):
            name = QLabel(key)
            name.setObjectName("badge")
            grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(QLabel(words), row, 1)
        grid.setColumnStretch(1, 1)
        return frame
