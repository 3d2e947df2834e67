"""A figure of a bench as a line of JSON."""
import json


def figure(bench, metric, value, unit, goal=None, peer=None, better="lower"):
    ok = True if goal is None else (value <= goal if better == "lower" else value >= goal)
    print(json.dumps({"bench": bench, "metric": metric, "value": round(value, 4), "unit": unit, "goal": goal,
                      "peer": peer, "ok": ok}), flush=True)
