"""tools/demo as its user meets it, on a terminal: stopped by Ctrl-C in each phase it leaves nothing behind and the next start
goes on; two in one folder do not meet; what it serves is alive; a second start makes nothing anew.
  demo_test.py TOOLS_DEMO BUILD_FOLDER"""
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
import uuid

DEMO, BUILD = sys.argv[1:3]
MARK = "CT_DEMO_TEST=" + uuid.uuid4().hex  # every process that a demo starts has this in its environment
problems = []


def check(truth, what):
    if not truth:
        problems.append(what)
        print("FAILED:", what, file=sys.stderr)


def processes_left():
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/environ", "rb") as file:
                marked = MARK.encode() in file.read()
            with open(f"/proc/{number}/cmdline", "rb") as file:
                words = file.read().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if marked and words:
            found.append(words)
    return found


class Demo:
    """One start of tools/demo on a terminal of its own."""

    def __init__(self, *words):
        self.text, self.began = "", time.monotonic()
        self.pid, self.terminal = pty.fork()
        if self.pid == 0:
            name, value = MARK.split("=")
            os.environ[name] = value
            os.execv(DEMO, [DEMO, "--build", BUILD, *words])

    def read(self):
        if not select.select([self.terminal], [], [], 0.2)[0]:
            return True
        try:
            data = os.read(self.terminal, 65536)
        except OSError:  # the terminal's other side is closed
            return False
        self.text += data.decode(errors="replace")
        return bool(data)

    def wait_for(self, text, silence=150):
        """However long it takes, while it shows progress: the machine may be busy. ctest ends what hangs."""
        end, said = time.monotonic() + silence, 0
        while text not in self.text and time.monotonic() < end:
            if not self.read():
                break
            if len(self.text) > said:
                end, said = time.monotonic() + silence, len(self.text)
        check(text in self.text, f"no {text!r} in: {self.text[-400:]!r}")

    def end(self, seconds=60):
        """Waits for its end: the exit status; 999 if it does not end."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.read():
            pass
        while time.monotonic() < end:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                os.close(self.terminal)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.05)
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return 999

    def ctrl_c(self):
        os.write(self.terminal, b"\x03")
        return self.end()


def get(url):
    with urllib.request.urlopen(url, timeout=10) as answer:
        return answer.read().decode()


def refused(status, text, *words):
    demo = Demo(*words)
    got = demo.end()
    check(got == status and text in demo.text, f"{words}: status {got} and {demo.text[-300:]!r}, not {status} and {text!r}")


def wrong_use(work):
    refused(2, "--port x: not a number", "--port", "x")
    refused(2, "--port 65536: not a number", "--port", "65536")
    refused(2, "--dir needs a value", "--dir")
    refused(2, "unknown option --nosuch", "--nosuch")
    open(f"{work}/file", "w").close()
    refused(1, "cannot be made", "--dir", "file/below")


def stopped(folder, phase):
    """Ctrl-C when the demo has said `phase`."""
    demo = Demo("--dir", folder, "--port", "0")
    demo.wait_for(phase)
    status = demo.ctrl_c()
    check(status == 130, f"Ctrl-C at {phase!r}: status {status}, {demo.text[-300:]!r}")
    check(not processes_left(), f"Ctrl-C at {phase!r} leaves {processes_left()}")


def sound(twin):
    """The twin is whole: on a slow machine the key may come when all was done already."""
    return subprocess.run([f"{BUILD}/cimtwin", "check", twin], stdout=subprocess.DEVNULL, check=False).returncode == 0


def alive(url):
    """Values of devices arrive: broker, simulator and server have found each other."""
    for _ in range(600):
        devices = json.loads(get(url + "live/devices?f=json"))["devices"]
        if any(device["value"] is not None for device in devices):
            return True
        time.sleep(0.2)
    return False


def served(folder):
    demo = Demo("--dir", folder, "--port", "0")
    demo.wait_for("Ctrl-C stops the server")
    url = re.search(r"cimtwin: serving \S.* at (http://\S+/)", demo.text)
    check(url and f"Open {url[1]}console/ in" in demo.text, f"no address in {demo.text[-300:]!r}")
    if url:
        port = re.search(r":(\d+)/", url[1])[1]
        check('"buildings"' in get(url[1] + "collections?f=json"), "the collections are not served")
        check(alive(url[1]), "no device has a value after 120 s")
        refused(1, "another demo is at work in", "--dir", folder, "--port", "0")
        refused(1, f"port {port} is taken", "--dir", "other", "--port", port)
    status = demo.ctrl_c()
    check(status == 0, f"Ctrl-C while serving: status {status}, {demo.text[-300:]!r}")
    check(not processes_left(), f"Ctrl-C while serving leaves {processes_left()}")


def again(folder):
    demo = Demo("--dir", folder, "--port", "0")
    demo.wait_for("Ctrl-C stops the server")
    took = time.monotonic() - demo.began
    check("the community is there already" in demo.text, f"the second start makes the community: {demo.text[-300:]!r}")
    check("% simulating" not in demo.text, f"the second start simulates: {demo.text[-300:]!r}")
    os.kill(demo.pid, signal.SIGTERM)
    status = demo.end()
    check(status == 0, f"ended while serving: status {status}")
    check(not processes_left(), f"ended while serving leaves {processes_left()}")
    return took


def main():
    work = tempfile.mkdtemp()
    os.chdir(work)
    folder = "a demo"
    try:
        wrong_use(work)
        stopped(folder, "making the community")
        check(not os.path.exists(f"{folder}/riverside.ct") or sound(f"{folder}/riverside.ct"),
              "half a community is there")
        stopped(folder, "simulating the cloudburst")
        check(os.listdir(f"{folder}/riverside.ct.d/runs") == [] or sound(f"{folder}/riverside.ct"),
              "half a run is there")
        served(folder)
        took = again(folder)
        whole = sorted(os.listdir(folder))
        check("making" not in whole and "run.out" not in whole, f"left in the folder: {whole}")
    finally:
        os.chdir("/")
        shutil.rmtree(work)
    print(f"demo: the second start took {took:.1f} s; {len(problems)} problems")
    return 1 if problems else 0


sys.exit(main())
