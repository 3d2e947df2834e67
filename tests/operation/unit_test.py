"""The installed systemd unit: systemd itself finds nothing wrong with it and little to attack; its options exist."""
import os
import re
import shutil
import subprocess
import sys

from served import CIMTWIN, cimtwin, run

if not shutil.which("systemd-analyze"):
    print("SKIP: systemd-analyze (package systemd) is missing")
    sys.exit(77)
BUILD = os.path.dirname(CIMTWIN)


def install(folder):
    subprocess.run(["cmake", "--install", BUILD, "--prefix", os.path.join(folder, "tree")], check=True, capture_output=True)
    path = os.path.join(folder, "tree/lib/systemd/system/cimtwin@.service")
    with open(path, encoding="utf-8") as f:
        text = f.read()
    assert os.path.exists(os.path.join(folder, "tree/share/man/man1/cimtwin.1"))
    assert os.path.exists(os.path.join(folder, "tree/share/bash-completion/completions/cimtwin"))
    return text


def systemd_takes_it(folder):
    text = install(folder)
    start = re.search(r"^ExecStart=(\S+/bin/cimtwin) (.*)$", text, re.M)
    assert start, text
    assert start.group(1) == os.path.join(folder, "tree/bin/cimtwin"), start.group(1)  # where it was installed
    text = text.replace(start.group(1), CIMTWIN)  # a program that is there
    text = re.sub(r"^Documentation=.*\n", "", text, flags=re.M)  # the page is not in this machine's path
    path = os.path.join(folder, "cimtwin@.service")
    with open(path, "w", encoding="utf-8") as f:
        f.write(text)
    done = subprocess.run(["systemd-analyze", "verify", os.path.join(folder, "cimtwin@town.service")], capture_output=True, text=True,
                          env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"})
    ours = [line for line in done.stderr.splitlines() if "cimtwin" in line]
    assert done.returncode == 0 and not ours, done.stderr
    known = set(re.findall(r"--([a-z-]+)", cimtwin("serve", "--help").stdout))
    assert set(re.findall(r"--([a-z-]+)", start.group(2))) <= known
    exposure = subprocess.run(["systemd-analyze", "security", "--offline=yes", "--no-pager", path], capture_output=True, text=True).stdout
    level = re.search(r"exposure level for \S+: ([0-9.]+)", exposure)
    assert level and float(level.group(1)) <= 2.0, exposure[-300:]
    print("exposure", level.group(1))


run(systemd_takes_it)
