"""What tells people how it is used: --help of every command and script, the man page, the completion."""
import os
import re
import shutil
import subprocess

from served import CIMTWIN, cimtwin, run

ROOT = os.environ["CT_SOURCE_DIR"]


def commands():
    return re.findall(r"^  ([a-z]+) +\S", cimtwin("--help").stdout.split("Commands:")[1].split("Example:")[0], re.M)


def options_of(command):
    return re.findall(r"^  --([a-z-]+)", cimtwin(command, "--help").stdout, re.M)


def every_command_helps(folder):
    assert len(commands()) >= 10
    for command in commands():
        text = cimtwin(command, "--help").stdout
        assert text.startswith("Usage: cimtwin " + command) and "\nExamples:\n  cimtwin " + command in text, text
        assert cimtwin("help", command).stdout == text
        assert max(map(len, text.splitlines())) <= 110, text
        for example in text.split("Examples:\n")[1].splitlines():  # an example names no option that is not there
            if example.startswith("  cimtwin " + command):
                assert set(re.findall(r" --([a-z-]+)", example)) <= set(options_of(command)), example


def every_script_helps(folder):
    found = []
    for where in ("tools", "tools/lint"):
        for name in sorted(os.listdir(os.path.join(ROOT, where))):
            path = os.path.join(ROOT, where, name)
            if not os.path.isfile(path) or not os.access(path, os.X_OK):
                continue
            done = subprocess.run([path, "--help"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
            assert done.returncode == 0, "%s --help: exit %d: %s" % (path, done.returncode, done.stderr)
            examples = [line for line in done.stdout.splitlines() if re.match(r" +%s/%s\b" % (where, name), line)]
            assert examples and "#!" not in done.stdout and "set -e" not in done.stdout, "%s --help: %s" % (path, done.stdout)
            found.append(name)
    assert {"check", "demo", "bench", "build", "all"} <= set(found), found


def every_bench_helps(folder):
    bench, benches = os.path.join(ROOT, "tools/bench"), sorted(os.listdir(os.path.join(ROOT, "tools/benches")))
    for name in benches:
        done = subprocess.run([bench, name, "--help"], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)
        assert done.returncode == 0 and not done.stderr, "%s: exit %d: %s" % (name, done.returncode, done.stderr)
        assert re.search(r"^Figures: ", done.stdout, re.M) and re.search(r"\b(goals?|peer)\b", done.stdout, re.I), done.stdout
        assert re.search(r"^  tools/bench %s\b" % name, done.stdout, re.M), done.stdout
        assert not re.search(r"^(#|import |exec |set -)|build:", done.stdout, re.M), done.stdout
    assert len(benches) > 5, benches


def the_man_page_tells_of_every_option(folder):
    page = cimtwin("help", "--man").stdout
    assert page.startswith(".TH CIMTWIN 1")
    sections = {s.split('"')[0].split()[0]: s for s in page.split('.SS "cimtwin ')[1:]}
    assert set(sections) == set(commands()), set(sections) ^ set(commands())
    for command, text in sections.items():
        told = [o.replace("\\-", "-") for o in re.findall(r"^\.B \\-\\-((?:[a-z]|\\-)+)", text, re.M)]
        assert told == options_of(command), (command, told)
    if shutil.which("groff"):
        made = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-P-cbou"], input=page, capture_output=True, text=True)
        assert made.returncode == 0 and made.stderr == "", made.stderr
        assert "--log-requests LEVEL" in made.stdout, made.stdout[:3000]


def the_completion_completes(folder):
    script = os.path.join(folder, "cimtwin")
    with open(script, "w", encoding="utf-8") as f:
        f.write(cimtwin("help", "--completion").stdout)

    def complete(*words):
        line = "source '%s'; COMP_WORDS=(%s); COMP_CWORD=%d; _cimtwin; printf '%%s\\n' \"${COMPREPLY[@]}\"" % (
            script, " ".join("'%s'" % w for w in words), len(words) - 1)
        done = subprocess.run(["bash", "-euc", line], capture_output=True, text=True, cwd=folder)
        assert done.returncode == 0 and done.stderr == "", done
        return done.stdout.split()

    assert complete("cimtwin", "ser") == ["serve"]
    assert set(commands()) <= set(complete("cimtwin", ""))
    assert complete("cimtwin", "serve", "town.ct", "--log-f") == ["--log-format"]
    for command in commands():
        assert set(complete("cimtwin", command, "--")) == {"--" + o for o in options_of(command)} | {"--help"}, command
    open(os.path.join(folder, "town.ct"), "w").close()
    assert complete("cimtwin", "info", "to") == ["town.ct"]


run(every_command_helps, every_script_helps, every_bench_helps, the_man_page_tells_of_every_option, the_completion_completes)
