"""The figures as text: what each system takes, then how many times what Onrecord takes."""

from typing import Any

COLUMNS = {
    "passages": ("passages", "{:.0f}"),
    "index_s": ("index s", "{:.1f}"),
    "index_peak_mb": ("peak MB", "{:.0f}"),
    "disk_bytes": ("disk MB", "{:.1f}"),
    "first_s": ("first s", "{:.2f}"),
    "whole_answer_s": ("whole s", "{:.2f}"),
    "p50_ms": ("p50 ms", "{:.1f}"),
    "p95_ms": ("p95 ms", "{:.1f}"),
    "ask_peak_mb": ("peak MB", "{:.0f}"),
    "hits@10": ("hits@10", "{:.3f}"),
    "mrr@10": ("MRR@10", "{:.3f}"),
}
"""Key to heading and form. "first" is a fresh process to its first ranked result, "whole" onrecord ask to its end."""
WIDTH = 10


def drawn(report: dict[str, Any]) -> str:
    """One table a data set."""
    lines = [
        f"{report['measured']}, {report['machine']['processor']}, {report['machine']['cores_used']} cores"
    ]
    for name, told in report["datasets"].items():
        lines += [
            "",
            f"{name}: {told['articles']} articles, {told['questions']} questions; cut: {told['cut']}",
        ]
        lines.append(_line("", [heading for heading, _ in COLUMNS.values()]))
        for system, figures in told["systems"].items():
            lines.append(_line(system, [_shown(key, figures) for key in COLUMNS]))
        ours = told["systems"].get("onrecord")
        for system, figures in told["systems"].items():
            if ours and figures is not ours:
                lines.append(_line(f"{system} / onrecord", [_ratio(key, figures, ours) for key in COLUMNS]))
    lines += [
        "",
        f"Onrecord's encoder is exported once for an installation: {report['onrecord_export_s']} s.",
    ]
    return "\n".join(lines)


def _shown(key: str, figures: dict[str, Any]) -> str:
    if key not in figures:
        return "-"
    return COLUMNS[key][1].format(figures[key] / 1e6 if key == "disk_bytes" else figures[key])


def _ratio(key: str, figures: dict[str, Any], ours: dict[str, Any]) -> str:
    return f"{figures[key] / ours[key]:.2f}x" if key in figures and ours.get(key) else "-"


def _line(name: str, cells: list[str]) -> str:
    return f"{name:<22}" + "".join(f"{cell:>{WIDTH}}" for cell in cells)
