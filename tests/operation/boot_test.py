"""The installed unit under systemd as process 1, in namespaces of its own over a throw-away overlay of this system: it becomes
ready, serves and simulates in its sandbox, comes back when killed or hung, and stops in order.
Needs root, systemd, overlayfs and the unified cgroups (77 where one is missing)."""
import json
import os
import shutil
import signal
import subprocess
import sys
import time

from served import CIMTWIN, run

BUILD = os.path.dirname(CIMTWIN)
SYSTEMD = "/lib/systemd/systemd"
WAIT_S = 90
# What would reach beyond the namespaces, or waits for devices.
MASKED = ("systemd-udevd.service systemd-udev-trigger.service systemd-udevd-control.socket systemd-udevd-kernel.socket systemd-sysctl.service "
          "systemd-modules-load.service systemd-timesyncd.service systemd-hwdb-update.service systemd-binfmt.service systemd-remount-fs.service "
          "systemd-random-seed.service systemd-networkd.service systemd-resolved.service proc-sys-fs-binfmt_misc.automount dev-hugepages.mount "
          "dev-mqueue.mount sys-kernel-debug.mount sys-kernel-tracing.mount sys-kernel-config.mount sys-fs-fuse-connections.mount")
BOOT = f"""set -e
cd "$1"
mount --make-rprivate /
mount -t tmpfs tmpfs top
mkdir top/upper top/work top/root
R=$1/top/root
mount -t overlay overlay -o lowerdir=/,upperdir=$1/top/upper,workdir=$1/top/work $R
mount --bind $R $R
mount -t proc proc $R/proc
mount --bind $R/proc/sys $R/proc/sys
mount -o remount,bind,ro $R/proc/sys
mount -t sysfs -o ro sysfs $R/sys
mount -t cgroup2 cgroup2 $R/sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs $R/dev
for n in null zero full random urandom tty; do touch $R/dev/$n; mount --bind /dev/$n $R/dev/$n; done
mkdir $R/dev/shm $R/dev/pts
ln -s pts/ptmx $R/dev/ptmx
mount -t tmpfs tmpfs $R/dev/shm
mount -t tmpfs -o mode=755 tmpfs $R/run
chroot $R cmake --install "$2" --prefix /usr >/dev/null
mount -t tmpfs tmpfs $R/tmp
rm -rf $R/etc/systemd/system/*.wants
for unit in {MASKED}; do ln -sfn /dev/null $R/etc/systemd/system/$unit; done
: >$R/etc/fstab
printf '[Unit]\\nRequires=basic.target\\nAfter=basic.target\\n' >$R/etc/systemd/system/test.target
mkdir -p $R/.old
cd $R
pivot_root . .old
umount -l /.old
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin container=test {SYSTEMD} --unit=test.target --show-status=no
"""


def skip(why):
    print("SKIP:", why)
    sys.exit(77)


class Machine:
    def __init__(self, folder):
        self.cgroups, self.group = f"{folder}/cgroups", f"cimtwin-test-{os.getpid()}"
        os.mkdir(self.cgroups)
        os.mkdir(f"{folder}/top")
        if subprocess.run(["mount", "-t", "cgroup2", "cgroup2", self.cgroups], capture_output=True, check=False).returncode:
            skip("the unified cgroups cannot be mounted")
        os.mkdir(f"{self.cgroups}/{self.group}")
        words = ["unshare", "--fork", "--kill-child", "--pid", "--mount", "--uts", "--ipc", "--cgroup", "--net", "bash", "-c", BOOT, "boot", folder, BUILD]
        self.log = open(f"{folder}/boot.log", "w+", encoding="utf-8")
        self.child = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log, preexec_fn=self.join)

    def join(self):
        with open(f"{self.cgroups}/{self.group}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(os.getpid()))

    def first(self):
        """Process 1, once it has its cgroup."""
        try:
            with open(f"{self.cgroups}/{self.group}/init.scope/cgroup.procs", encoding="ascii") as file:
                return file.read().split()[0]
        except (OSError, IndexError):
            return None

    def do(self, command, fail=False):
        done = subprocess.run(["nsenter", "-t", self.first(), "-m", "-u", "-i", "-n", "-p", "-C", "-r", "-w", "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
                               "bash", "-c", command], capture_output=True, text=True, timeout=WAIT_S, check=False)
        assert fail or done.returncode == 0, f"{command}: {done.stdout[-400:]} {done.stderr[-400:]}"
        return done.stdout.strip()

    def until(self, command, wanted):
        end = time.monotonic() + WAIT_S
        while (said := self.do(command, fail=True)) != wanted:
            assert time.monotonic() < end, f"{command}: {said}, never {wanted}; {self.do('journalctl -u cimtwin@town -o cat -n 20', fail=True)}"
            time.sleep(0.2)

    def stop(self):
        if first := self.first():
            os.kill(int(first), signal.SIGKILL)
        self.child.kill()
        self.child.wait()
        end = time.monotonic() + WAIT_S
        for here, _, _ in os.walk(f"{self.cgroups}/{self.group}", topdown=False):
            while time.monotonic() < end:
                try:
                    os.rmdir(here)
                    break
                except OSError:  # its processes are still ending
                    time.sleep(0.1)
        subprocess.run(["umount", self.cgroups], check=True)


def samples(machine):
    dem = "ncols 60\nnrows 60\nxllcorner 500000\nyllcorner 3380000\ncellsize 4\nNODATA_value -9999\n" + ("20 " * 60 + "\n") * 60
    rain = {"title": {"en": "R", "zh": "R"}, "start": "2026-07-20T20:00:00Z", "duration_s": 300, "cell_m": 4, "output_step_s": 60,
            "rain": [{"from_s": 0, "to_s": 300, "intensity_mm_h": 90}]}
    machine.do(f"systemd-sysusers && install -d -o cimtwin -g cimtwin -m 750 /var/lib/cimtwin && install -d /etc/cimtwin /srv; printf '{dem}' >/srv/dem.asc; "
               f"echo '{json.dumps(rain)}' >/srv/rain.json; echo '{{\"listen\": \"127.0.0.1:8080\"}}' >/etc/cimtwin/town.json")
    machine.do("cd /; runuser -u cimtwin -- cimtwin new /var/lib/cimtwin/town.ct --crs EPSG:4547; "
               "runuser -u cimtwin -- cimtwin import /var/lib/cimtwin/town.ct /srv/dem.asc --crs EPSG:4547")


def unit_works(folder):
    machine = Machine(folder)
    try:
        end = time.monotonic() + WAIT_S
        while not machine.first():
            if machine.child.poll() is not None or time.monotonic() > end:
                machine.log.seek(0)
                skip(f"systemd does not come up here: {machine.log.read()[-400:]}")
            time.sleep(0.1)
        machine.until("systemctl is-active basic.target", "active")
        samples(machine)
        machine.do("systemctl start cimtwin@town")
        fetch = "curl -s -f http://127.0.0.1:8080"
        assert json.loads(machine.do(f"{fetch}/health"))["status"] == "ok"
        machine.do(f"{fetch}/collections/terrains/map -o /dev/null; {fetch}/runs -H 'Content-Type: application/json' -d @/srv/rain.json")
        machine.until(f"{fetch}/runs | grep -o '\"status\": *\"done\"' | tr -d ' '", '"status":"done"')
        machine.do("systemctl kill -s KILL --kill-whom=main cimtwin@town")
        machine.until("systemctl show -P NRestarts cimtwin@town; systemctl is-active cimtwin@town", "1\nactive")
        machine.do(f"{fetch}/health")
        machine.do("mkdir -p /run/systemd/system/cimtwin@town.service.d; printf '[Service]\\nWatchdogSec=4\\n' >/run/systemd/system/cimtwin@town.service.d/w.conf; "
                   "systemctl daemon-reload; systemctl restart cimtwin@town; sleep 9")
        assert machine.do("systemctl show -P NRestarts cimtwin@town") == "0", "the watchdog hears it"
        machine.do("systemctl kill -s STOP --kill-whom=main cimtwin@town")
        machine.until("systemctl show -P NRestarts cimtwin@town; systemctl is-active cimtwin@town", "1\nactive")
        machine.do("systemctl stop cimtwin@town")
        assert machine.do("systemctl show -P Result -P ExecMainStatus cimtwin@town").split() == ["success", "0"]
    finally:
        machine.stop()


if os.getuid() or not os.path.exists(SYSTEMD) or not all(map(shutil.which, ("unshare", "nsenter", "curl"))):
    skip("root, systemd, unshare, nsenter and curl are needed")
run(unit_works)
