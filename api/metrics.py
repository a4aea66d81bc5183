"""Counters of the server in the text form that Prometheus reads."""

from collections import Counter, defaultdict


class Metrics:
    """Requests by method and status, and the time they took; counted on the event loop alone, so without locks."""

    def __init__(self) -> None:
        self._n_requests: Counter[tuple[str, int]] = Counter()
        self._seconds: defaultdict[str, float] = defaultdict(float)

    def count(self, method: str, status: int, seconds: float) -> None:
        """Count one answered request; methods of clients' own making are one."""
        known = method if method in {"GET", "HEAD", "POST", "OPTIONS"} else "other"
        self._n_requests[known, status] += 1
        self._seconds[known] += seconds

    def text(self) -> str:
        """Return all counters."""
        lines = [
            "# HELP ringwatch_http_requests_total Requests answered.",
            "# TYPE ringwatch_http_requests_total counter",
            *(
                f'ringwatch_http_requests_total{{method="{method}",status="{status}"}} {n}'
                for (method, status), n in sorted(self._n_requests.items())
            ),
            "# HELP ringwatch_http_request_seconds_total Time taken to answer.",
            "# TYPE ringwatch_http_request_seconds_total counter",
            *(
                f'ringwatch_http_request_seconds_total{{method="{method}"}} {seconds:.6f}'
                for method, seconds in sorted(self._seconds.items())
            ),
        ]
        return "\n".join(lines) + "\n"
