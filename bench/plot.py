"""Plots as SVG: dots for ratios, lines over a logarithmic axis. The same numbers always give the same file."""
import math

COLORS = ["#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#ff7f0e", "#8c564b", "#e377c2", "#7f7f7f", "#17becf", "#bcbd22"]
STYLE = "font-family='sans-serif' font-size='12'"


def text(x, y, words, anchor="start"):
    return f"<text x='{x:.1f}' y='{y:.1f}' text-anchor='{anchor}'>{words}</text>"


def line(x1, y1, x2, y2, color="#ddd", width=1):
    return f"<line x1='{x1:.1f}' y1='{y1:.1f}' x2='{x2:.1f}' y2='{y2:.1f}' stroke='{color}' stroke-width='{width}'/>"


def dot(x, y, color, size):
    return f"<circle cx='{x:.1f}' cy='{y:.1f}' r='{size}' fill='{color}'/>"


def page(width, height, title, parts):
    lines = [f"<svg xmlns='http://www.w3.org/2000/svg' width='{width}' height='{height}' viewBox='0 0 {width} {height}' {STYLE}>",
             f"<title>{title}</title>", f"<rect width='{width}' height='{height}' fill='white'/>", *parts, "</svg>"]
    return "\n".join(lines) + "\n"


def axis(values, first, last):
    """A position for each value, logarithmic, and the bounds."""
    low, high = min(values), max(values)
    if low == high:
        high = low * 2
    return lambda value: first + (last - first) * math.log(value / low) / math.log(high / low)


def legend(x, y, names, colors):
    parts = []
    for i, name in enumerate(names):
        parts += [dot(x, y + 18 * i - 4, colors[name], 4), text(x + 10, y + 18 * i, name)]
    return parts


def color_of(names):
    return {name: COLORS[i % len(COLORS)] for i, name in enumerate(names)}


def dots(title, rows):
    """rows: [(name, {series: ratio})]. A line for each row, a dot for each series; 1 is marked."""
    names = list(dict.fromkeys(name for _, values in rows for name in values))
    colors = color_of(names)
    left, right, top, step = 190, 640, 40, 22
    bottom = top + step * len(rows)
    ticks = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100]
    every = [ratio for _, values in rows for ratio in values.values()] + [0.9, 2]
    ticks = [tick for tick in ticks if min(every) / 1.5 <= tick <= max(every) * 1.5]
    at = axis(every + ticks, left, right)
    parts = [text(left, 20, title)]
    for tick in ticks:
        parts += [line(at(tick), top - 10, at(tick), bottom, "#888" if tick == 1 else "#ddd"),
                  text(at(tick), bottom + 16, f"{tick:g} x", "middle")]
    for i, (name, values) in enumerate(rows):
        y = top + step * (i + 0.5)
        parts += [text(left - 10, y + 4, name, "end"), line(left, y, right, y, "#eee")]
        parts += [dot(at(ratio), y, colors[series], 5 if series.startswith("portsock") else 3.5)
                  for series, ratio in reversed(values.items())]
    return page(800, bottom + 30, title, parts + legend(right + 30, top + 10, names, colors))


def lines(title, series, x_title, y_title):
    """series: {name: {x: y}}, both axes logarithmic."""
    colors = color_of(series)
    left, right, top, bottom = 100, 620, 50, 350
    across = sorted({x for points in series.values() for x in points})
    heights = [y for points in series.values() for y in points.values()]
    powers = [10.0**power for power in range(math.floor(math.log10(min(heights))), math.ceil(math.log10(max(heights))) + 1)]
    x_at, y_at = axis(across, left, right), axis(powers, bottom, top)
    parts = [text(left, 20, title), text(right, bottom + 36, x_title, "end"), text(left - 90, top - 14, y_title)]
    for power in powers:
        parts += [line(left, y_at(power), right, y_at(power)), text(left - 6, y_at(power) + 4, f"{power:,.0f}", "end")]
    for x in across:
        parts += [line(x_at(x), top, x_at(x), bottom), text(x_at(x), bottom + 18, f"{x:,}", "middle")]
    for name, points in series.items():
        where = [(x_at(x), y_at(y)) for x, y in sorted(points.items())]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in where)
        parts.append(f"<polyline points='{path}' fill='none' stroke='{colors[name]}' stroke-width='2'/>")
        parts += [dot(x, y, colors[name], 3.5) for x, y in where]
    return page(780, bottom + 50, title, parts + legend(right + 30, top + 10, list(series), colors))
