"""The server killed with a thousand messages and more on their way from the broker: what it acknowledged is stored, all
arrives in the end, and nothing twice, though the broker sends again what had no acknowledgement.
"""
import random

from crash import environment, main, must
from mqtt import Scene, needs_broker

NAME = "crash_mqtt_server"
LEAST = 1000  # messages on their way at each kill

# Of the log of observations: which call, the how manieth, when; what that is.
CALLS = [
    ("write", 1, "before", "before a batch is written"),
    ("write", 30, "half", "a batch's pages on their way into the log"),
    ("write", 50, "after", "a batch's pages on their way into the log"),
    ("sync", 1, "before", "the log not synced"),
    ("sync", 1, "after", "the log synced"),
]


def at_call(scene, call, n, moment, what):
    """Whether something was stored that had no acknowledgement yet."""
    acknowledged, stored = scene.look()
    scene.link.limit = 4000 + len(stored) - len(acknowledged)  # 4,000 that it does not have, and no more
    scene.publisher.give(5500)
    scene.publisher.finish()
    server = scene.serve(environment(f"{scene.twin}.d/obs.sqlite-wal", at=f"{n}:{moment}", call=call))
    must(server.close() == -9, f"{what}: the server was not killed")
    return tell(scene, f"{what} ({moment} {call} {n} of obs.sqlite-wal)")


def at_calls(scene):
    for kill in CALLS:
        at_call(scene, *kill)
    # A new log has its head synced first: then the second sync is the batch's.
    must(at_call(scene, "sync", 1, "after", "a batch stored") or at_call(scene, "sync", 2, "after", "a batch stored"),
         "nothing was ever stored and not acknowledged")


def at_any_time(scene):
    dice = random.Random(35)
    for _ in range(4):
        acknowledged, stored = scene.look()
        again = len(stored) - len(acknowledged)  # these come first
        scene.link.limit = 3000 + again
        scene.publisher.give(4500)
        before, threshold = len(scene.link.acknowledged), again + dice.randrange(1, 2500)
        server = scene.serve()
        scene.wait(lambda: len(scene.link.acknowledged) - before >= threshold, "the server does not acknowledge",
                   scene.publisher.work)
        must(server.kill() == -9, "the server was not killed")
        scene.publisher.finish()
        tell(scene, f"at any time, after {threshold} acknowledgements or a few more")
    scene.link.limit = None


def tell(scene, what):
    """Whether something is stored that is not acknowledged."""
    tell.number += 1
    must(scene.link.idle.wait(60), "the link is not closed")
    acknowledged, stored = scene.look()
    on_way = scene.publisher.sent - len(stored)
    must(on_way >= LEAST, f"only {on_way} messages on their way")
    print(f"{NAME}: kill {tell.number}: {what}: {on_way} of {scene.publisher.sent} messages on their way, "
          f"{len(stored)} stored, {len(acknowledged)} of these acknowledged, none missing, none doubled", flush=True)
    return len(stored) > len(acknowledged)


tell.number = 0


def body(work, base):
    scene = Scene(base)
    try:
        at_calls(scene)
        at_any_time(scene)
        rows = scene.drain()
        print(f"{NAME}: {rows} rows, the same as in the devices' log of acknowledgements; check clean", flush=True)
    finally:
        scene.close()


needs_broker()
main(NAME, body)
