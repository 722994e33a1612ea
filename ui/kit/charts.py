"""The charts of the kit in one place; pyqtgraph is loaded only when the first bars are drawn."""

from ui.kit.bar_chart import BarChart
from ui.kit.chart_data import ChartData, Series
from ui.kit.share_chart import ShareChart

__all__ = ["BarChart", "ChartData", "Series", "ShareChart"]
