"""Draw the chart that stands on standard input, write the picture to standard output, and end."""

import sys

from adapters.charts.chart import decode
from adapters.charts.drawing import draw


def main() -> None:
    """Run the process that `drawer.ChartDrawer` starts."""
    sys.stdout.buffer.write(draw(decode(sys.stdin.buffer.read())))


if __name__ == "__main__":
    main()
