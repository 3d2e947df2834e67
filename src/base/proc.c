// Child processes. Each has a keeper thread, which makes it, waits for it and lives exactly as
// long: the kernel sends the parent-death signal when the *thread* that made it ends, and callers'
// threads come and go.
//
// vfork, not fork: libraries leave handlers that fork runs in the child (PROJ's takes a lock and
// frees memory), and what another thread held at that moment is held for ever there. Nor does vfork
// copy the page tables of a server with gigabytes.
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"

enum { MAX_LINE_BYTES = 1024 * 1024, READ_BYTES = 16 * 1024, DRAIN_POLL_MS = 50 };

struct ct_proc {
    // Given to the keeper.
    char *const *argv; // the caller's; valid until the keeper has reported the start
    bool join_stderr;
    int null_fd, child_out_fd, error_fd; // the child's ends

    pthread_t keeper;
    bool joined;
    pthread_mutex_t lock; // guards the four below
    pthread_cond_t changed;
    bool started, ended; // ended: the pid may belong to somebody else
    int start_errno;     // of vfork
    pid_t pid;
    int exit_code;

    int out_fd; // our end of the pipe
    size_t chunk_at, chunk_n;
    bool at_end, part_of_line; // part_of_line: `line` waits for its end
    ct_buf line;
    char chunk[READ_BYTES];
};

static void report_and_exit(int error_fd) {
    int reason = errno;
    ssize_t wrote = write(error_fd, &reason, sizeof reason);
    _exit(wrote == sizeof reason ? 127 : 126);
}

// Our handlers would run in the child, in our memory, once its signals are let through.
static void forget_handlers(void) {
    struct sigaction before, plain = {.sa_handler = SIG_DFL};
    for (int number = 1; number <= SIGRTMAX; number++) {
        if (sigaction(number, NULL, &before) != 0 || before.sa_handler == SIG_DFL) continue;
        if (before.sa_handler == SIG_IGN && number != SIGPIPE) continue;
        sigaction(number, &plain, NULL); // SIGPIPE too: ignored signals would stay ignored
    }
}

// In the child, between vfork and exec: it has the memory of the parent, whose thread waits.
// Async-signal-safe calls only, no allocation.
static void become(const ct_proc *p, pid_t parent) {
    sigset_t none;
    sigemptyset(&none);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) _exit(126); // the parent died before the line above
    if (dup2(p->null_fd, STDIN_FILENO) < 0 || dup2(p->child_out_fd, STDOUT_FILENO) < 0 ||
        (p->join_stderr && dup2(p->child_out_fd, STDERR_FILENO) < 0))
        report_and_exit(p->error_fd);
    // The error pipe has to live until exec, so all descriptors are closed by exec.
    if (close_range(STDERR_FILENO + 1, ~0U, CLOSE_RANGE_CLOEXEC) != 0) {
        long most = sysconf(_SC_OPEN_MAX);
        for (int fd = STDERR_FILENO + 1; fd < most; fd++) fcntl(fd, F_SETFD, FD_CLOEXEC);
    }
    forget_handlers();
    sigprocmask(SIG_SETMASK, &none, NULL);
    execvp(p->argv[0], p->argv);
    report_and_exit(p->error_fd);
}

static void *keeper_main(void *argument) {
    ct_proc *p = argument;
    pid_t parent = getpid();
    pid_t pid = vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork): see above
    if (pid == 0) become(p, parent);

    pthread_mutex_lock(&p->lock);
    p->started = true;
    p->pid = pid;
    p->start_errno = pid < 0 ? errno : 0;
    p->ended = pid < 0;
    pthread_cond_signal(&p->changed);
    pthread_mutex_unlock(&p->lock);
    if (pid < 0) return NULL;

    // Wait without reaping first: until the lock is ours the pid must stay the child's, for
    // ct_proc_signal.
    siginfo_t info;
    while (waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT) != 0 && errno == EINTR) {}
    pthread_mutex_lock(&p->lock);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {}
    p->exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    p->ended = true;
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

static void close_fd(int *fd) {
    if (*fd >= 0) close(*fd);
    *fd = -1;
}

static ct_err start_keeper(ct_proc *p) {
    sigset_t all, before;
    sigfillset(&all); // the program's own threads take its signals
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int failed = pthread_create(&p->keeper, NULL, keeper_main, p);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (failed) return ct_fail(CT_NOMEM, "cannot start a thread: %s", strerrordesc_np(failed));
    p->joined = false;
    pthread_mutex_lock(&p->lock);
    while (!p->started) pthread_cond_wait(&p->changed, &p->lock);
    pthread_mutex_unlock(&p->lock);
    if (p->start_errno)
        return ct_fail(CT_NOMEM, "cannot start a process: %s", strerrordesc_np(p->start_errno));
    return CT_OK;
}

// What exec said: the pipe closes without a byte when it went well.
static ct_err check_exec(int fd, const char *program) {
    int reason = 0;
    ssize_t n;
    while ((n = read(fd, &reason, sizeof reason)) < 0 && errno == EINTR) {}
    if (n != sizeof reason) return CT_OK;
    return ct_fail(reason == ENOENT || reason == ENOTDIR ? CT_NOTFOUND : CT_IO,
                   "%s: cannot start: %s", program, strerrordesc_np(reason));
}

ct_err ct_proc_start(ct_proc **out, char *const argv[], bool join_stderr) {
    if (!argv || !argv[0]) return ct_fail(CT_ARG, "no program to start");
    ct_proc *p = ct_calloc(1, sizeof *p);
    if (!p) return CT_NOMEM;
    *p = (ct_proc){.argv = argv,
                   .join_stderr = join_stderr,
                   .joined = true,
                   .ended = true,
                   .null_fd = -1,
                   .child_out_fd = -1,
                   .error_fd = -1,
                   .out_fd = -1};
    ct_buf_init(&p->line, MAX_LINE_BYTES);
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->changed, NULL);

    int data[2] = {-1, -1}, errors[2] = {-1, -1};
    ct_err err = CT_OK;
    p->null_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (p->null_fd < 0 || pipe2(data, O_CLOEXEC) != 0 || pipe2(errors, O_CLOEXEC) != 0)
        err = ct_fail(CT_IO, "%s: cannot start: %s", argv[0], strerrordesc_np(errno));
    p->out_fd = data[0];
    p->child_out_fd = data[1];
    p->error_fd = errors[1];
    if (err == CT_OK) err = start_keeper(p);
    close_fd(&p->null_fd);
    close_fd(&p->child_out_fd);
    close_fd(&p->error_fd);
    if (err == CT_OK) err = check_exec(errors[0], argv[0]);
    close_fd(&errors[0]);
    p->argv = NULL;
    if (err != CT_OK) {
        ct_proc_free(p);
        return err;
    }
    *out = p;
    return CT_OK;
}

// The next bytes of output into the chunk; false at the end.
static bool fill(ct_proc *p) {
    while (!p->at_end) {
        ssize_t n = read(p->out_fd, p->chunk, sizeof p->chunk);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) break;
        p->chunk_at = 0;
        p->chunk_n = (size_t)n;
        return true;
    }
    p->at_end = true;
    return false;
}

// A child that has ended adds nothing to its pipe; a grandchild may hold it open for longer, and
// that is not waited for.
static bool has_ended(ct_proc *p) {
    pthread_mutex_lock(&p->lock);
    bool ended = p->ended;
    pthread_mutex_unlock(&p->lock);
    return ended;
}

// Whether there is something to read, or the end. `deadline_us` < 0: waits for ever.
static bool wait_readable(const ct_proc *p, int64_t deadline_us) {
    struct pollfd wait = {.fd = p->out_fd, .events = POLLIN};
    for (;;) {
        int64_t left_us = deadline_us - ct_clock_mono_us(ct_clock_real());
        if (left_us < 0) left_us = 0;
        const int n = poll(&wait, 1, deadline_us < 0 ? -1 : (int)((left_us + 999) / 1000));
        if (n >= 0) return n > 0;
        if (errno != EINTR) return true; // read tells what is wrong
    }
}

// The rest of the chunk up to a line's end into the line; whether the end came.
static bool take_line(ct_proc *p) {
    const char *from = p->chunk + p->chunk_at;
    size_t n = p->chunk_n - p->chunk_at;
    const char *end = memchr(from, '\n', n);
    size_t take = end ? (size_t)(end - from) : n;
    size_t room = p->line.max - p->line.len;
    ct_buf_put(&p->line, from, take < room ? take : room); // the rest of a long line is dropped
    p->chunk_at += take + (end != NULL);
    return end != NULL;
}

static ct_err read_line(ct_proc *p, char **line, int64_t deadline_us) {
    if (!p->part_of_line) ct_buf_reset(&p->line);
    for (;;) {
        if (p->chunk_at == p->chunk_n) {
            // Looked at before the pipe: what the child wrote until then is in it.
            const bool ended = deadline_us >= 0 && has_ended(p);
            if (deadline_us >= 0 && !p->at_end && !wait_readable(p, ended ? 0 : deadline_us)) {
                if (!ended) return CT_TIMEOUT;
                p->at_end = true;
            }
            if (!fill(p)) break;
        }
        p->part_of_line = true;
        if (take_line(p)) break;
    }
    if (!p->part_of_line) return ct_fail(CT_NOTFOUND, "the end of the output");
    p->part_of_line = false;
    CT_TRY(ct_buf_status(&p->line));
    *line = p->line.data;
    return CT_OK;
}

ct_err ct_proc_read_line(ct_proc *p, char **line) {
    return read_line(p, line, -1);
}

ct_err ct_proc_read_line_for(ct_proc *p, char **line, int64_t us) {
    return read_line(p, line, ct_clock_mono_us(ct_clock_real()) + (us > 0 ? us : 0));
}

void ct_proc_signal(ct_proc *p, int signal_number) {
    pthread_mutex_lock(&p->lock);
    if (!p->ended) kill(p->pid, signal_number);
    pthread_mutex_unlock(&p->lock);
}

void ct_proc_yield_to_others(ct_proc *p, int nice) {
    pthread_mutex_lock(&p->lock);
    if (!p->ended) (void)setpriority(PRIO_PROCESS, (id_t)p->pid, nice);
    pthread_mutex_unlock(&p->lock);
}

int ct_proc_pid(const ct_proc *p) {
    return (int)p->pid;
}

// A child that writes more than the pipe holds would never end: what nobody read is thrown away. A
// grandchild may keep the pipe open for longer than the child lives, hence the look at `ended` now
// and then.
static void drain(ct_proc *p) {
    struct pollfd wait = {.fd = p->out_fd, .events = POLLIN};
    while (!p->at_end && !has_ended(p)) {
        if (poll(&wait, 1, DRAIN_POLL_MS) > 0) fill(p);
    }
    p->chunk_at = p->chunk_n = 0;
}

int ct_proc_wait(ct_proc *p) {
    if (!p->joined) {
        drain(p);
        pthread_join(p->keeper, NULL);
        p->joined = true;
    }
    return p->exit_code;
}

void ct_proc_free(ct_proc *p) {
    if (!p) return;
    ct_proc_signal(p, SIGKILL);
    if (!p->joined) pthread_join(p->keeper, NULL);
    close_fd(&p->out_fd);
    ct_buf_fini(&p->line);
    pthread_cond_destroy(&p->changed);
    pthread_mutex_destroy(&p->lock);
    ct_free(p);
}

uint64_t ct_proc_raise_files(void) {
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0) return 0;
    const rlim_t before = files.rlim_cur;
    files.rlim_cur = files.rlim_max;
    return setrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : before;
}
