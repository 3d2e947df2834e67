"""The broker killed with a thousand messages and more on their way. What our server acknowledged is stored, once. A broker
acknowledges before it saves, so it loses what it had taken in the last second: the devices send again what they said
within the last seconds before the connection broke, and all arrives in the end, and nothing twice.
"""
import random

from crash import main, must
from mqtt import Scene, needs_broker

NAME = "crash_mqtt_broker"
LEAST = 1000
AGAIN_S = 10  # what devices repeat; the broker saves once a second


def publish_until(scene, count):
    """Some more messages, until the broker has acknowledged so many of them."""
    have = len(scene.publisher.acknowledged)
    scene.publisher.give(3000)
    scene.wait(lambda: len(scene.publisher.acknowledged) - have >= count, "the broker does not acknowledge",
               scene.publisher.work)


def kill(scene, number, count):
    taken = scene.link.subscriptions
    publish_until(scene, count)
    handed = len(scene.publisher.acknowledged) + len(scene.publisher.on_way)
    _, stored = scene.look()
    on_way = handed - len(stored)
    must(on_way >= LEAST, f"only {on_way} messages on their way")
    scene.broker.kill()
    unanswered = len(scene.publisher.on_way)
    scene.broker.start()
    again = scene.publisher.reconnect(AGAIN_S)
    scene.link.limit = 600 + 1000 * number  # the server gets no more over the next connection
    scene.wait(lambda: scene.link.subscriptions > taken, "the server does not come back")
    scene.publisher.finish()
    acknowledged, stored = scene.look()
    print(f"{NAME}: kill {number}: after {count} of 3000 were acknowledged: {on_way} of {handed} messages on their way, "
          f"{unanswered} unanswered; {again} repeated; {len(stored)} stored, {len(acknowledged)} of these acknowledged by "
          "the server, none missing, none doubled", flush=True)


def body(work, base):
    scene = Scene(base)
    try:
        dice = random.Random(36)
        scene.link.limit = 600
        server = scene.serve()
        scene.wait(lambda: scene.link.subscriptions == 2, "the server does not subscribe")
        for number in range(1, 7):
            kill(scene, number, 3000 if number % 3 == 0 else dice.randrange(1000, 3000))
        server.stop()
        rows = scene.drain()
        print(f"{NAME}: {rows} rows, the same as in the devices' log of acknowledgements; check clean", flush=True)
    finally:
        scene.close()


needs_broker()
main(NAME, body)
