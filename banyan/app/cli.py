"""The `banyan` command. A command's code is imported when it is asked for, so that each starts fast."""

from cyclopts import App

import banyan

app = App(
    name="banyan",
    help="Banyan 榕: a self-hosted growth platform. 独木成林。",
    version=banyan.__version__,
)
app.command(
    "banyan.app.serve:serve",
    name="serve",
    help="Run everything on this machine · 在本机运行全部进程",
)
app.command(
    "banyan.app.web_process:web", name="web", help="Run the web processes alone · 只运行网页"
)
app.command(
    "banyan.app.work_process:work", name="work", help="Run the work process alone · 只运行后台"
)
app.command(
    "banyan.app.migrate:migrate",
    name="migrate",
    help="Bring the database's tables up to date · 更新数据库",
)
app.command(
    "banyan.app.verify:verify", name="verify", help="Check every invariant · 核对账目与数据"
)
app.command("banyan.app.demo:demo", name="demo", help="Set the demo merchant up · 建立演示商户")
app.command(
    "banyan.app.crowd:crowd",
    name="crowd",
    help="Send a synthetic crowd through the HTTP API · 模拟人群",
)
app.command("banyan.app.bench:bench", name="bench", help="Measure, with audits · 性能测试")
app.command(
    "banyan.app.openapi:openapi",
    name="openapi",
    help="Write the API's description · 导出接口描述",
)
analytics = App(name="analytics", help="The analytics store · 数据分析")
analytics.command(
    "banyan.app.rebuilding:rebuild",
    name="rebuild",
    help="Fill it again from events and telemetry · 重建",
)
app.command(analytics)


def main() -> None:
    """Run the command the arguments name."""
    app()
