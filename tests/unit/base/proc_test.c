// Child processes: output, exit codes, signals, what they inherit, and that they die with their
// parent.
#include "cmk.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "base/proc.h"

static ct_proc *start(const char *script, bool join_stderr) {
    ct_proc *proc = NULL;
    assert_int_equal(
        ct_proc_start(&proc, (char *[]){"sh", "-c", (char *)script, NULL}, join_stderr), CT_OK);
    return proc;
}

static void assert_line(ct_proc *proc, const char *expected) {
    char *line = NULL;
    assert_int_equal(ct_proc_read_line(proc, &line), CT_OK);
    assert_string_equal(line, expected);
}

static void assert_end(ct_proc *proc) {
    char *line = NULL;
    assert_int_equal(ct_proc_read_line(proc, &line), CT_NOTFOUND);
    assert_null(line);
}

static void lines_and_exit_code(void **state) {
    (void)state;
    long live = ct_mem_live();
    ct_proc *proc = start("echo one; echo; printf 'three'; exit 7", false);
    assert_line(proc, "one");
    assert_line(proc, "");
    assert_line(proc, "three");
    assert_end(proc);
    assert_end(proc);
    assert_int_equal(ct_proc_wait(proc), 7);
    assert_int_equal(ct_proc_wait(proc), 7);
    ct_proc_signal(proc, SIGKILL); // nobody is there any more
    ct_proc_free(proc);
    ct_proc_free(NULL);
    assert_int_equal(ct_mem_live(), live);
}

static void a_wait_for_a_line_may_end(void **state) {
    (void)state;
    char *line = NULL;
    ct_proc *proc = start("printf 'first '; sleep 0.3; echo half; exec sleep 60", false);
    assert_int_equal(ct_proc_read_line_for(proc, &line, 0), CT_TIMEOUT);
    assert_int_equal(ct_proc_read_line_for(proc, &line, 50000), CT_TIMEOUT);
    assert_null(line);
    assert_int_equal(ct_proc_read_line_for(proc, &line, 20000000), CT_OK);
    assert_string_equal(line, "first half"); // what came before the waits' ends is not lost
    assert_int_equal(ct_proc_read_line_for(proc, &line, 10000), CT_TIMEOUT);
    ct_proc_signal(proc, SIGTERM);
    assert_int_equal(ct_proc_wait(proc), 128 + SIGTERM);
    ct_proc_free(proc);
}

static void it_yields_to_others(void **state) {
    (void)state;
    ct_proc *proc = start("echo ready; exec sleep 60", false);
    assert_line(proc, "ready");
    ct_proc_yield_to_others(proc, 10);
    assert_in_range(getpriority(PRIO_PROCESS, (id_t)ct_proc_pid(proc)), 10, 19);
    ct_proc_free(proc);
}

// A grandchild holds the pipe for a minute; its parent's output ends before.
static void output_ends_with_the_child(void **state) {
    (void)state;
    char *line = NULL;
    ct_proc *proc = start("sleep 60 & echo $!", false);
    assert_int_equal(ct_proc_read_line_for(proc, &line, 20000000), CT_OK);
    const long grandchild = strtol(line, NULL, 10);
    assert_true(grandchild > 1);
    ct_err err;
    while ((err = ct_proc_read_line_for(proc, &line, 10000)) == CT_TIMEOUT) {}
    assert_int_equal(err, CT_NOTFOUND);
    assert_int_equal(ct_proc_wait(proc), 0);
    ct_proc_free(proc);
    assert_int_equal(kill((pid_t)grandchild, SIGKILL), 0);
}

static void stderr_joins_on_request(void **state) {
    (void)state;
    ct_proc *proc = start("echo out; echo err >&2", true);
    assert_line(proc, "out");
    assert_line(proc, "err");
    assert_end(proc);
    ct_proc_free(proc);
}

static void arguments_pass_unchanged(void **state) {
    (void)state;
    ct_proc *proc = NULL;
    char *argv[] = {"/bin/echo", "a b", "$HOME", "'", NULL};
    assert_int_equal(ct_proc_start(&proc, argv, false), CT_OK);
    assert_line(proc, "a b $HOME '");
    ct_proc_free(proc);
}

static void missing_programs_are_named(void **state) {
    (void)state;
    long live = ct_mem_live();
    ct_proc *proc = NULL;
    assert_int_equal(ct_proc_start(&proc, (char *[]){"no-such-program", NULL}, false), CT_NOTFOUND);
    assert_non_null(strstr(ct_err_message(), "no-such-program"));
    assert_int_equal(ct_proc_start(&proc, (char *[]){"/no/such", NULL}, false), CT_NOTFOUND);
    assert_int_equal(ct_proc_start(&proc, (char *[]){"/etc/passwd", NULL}, false), CT_IO);
    assert_int_equal(ct_proc_start(&proc, (char *[]){NULL}, false), CT_ARG);
    assert_null(proc);
    assert_int_equal(ct_mem_live(), live);
}

static void signals_end_it(void **state) {
    (void)state;
    ct_proc *proc = start("echo ready; exec sleep 100", false);
    assert_line(proc, "ready");
    assert_int_equal(kill(ct_proc_pid(proc), 0), 0);
    ct_proc_signal(proc, SIGTERM);
    assert_int_equal(ct_proc_wait(proc), 128 + SIGTERM);
    ct_proc_free(proc);

    proc = start("exec sleep 100", false); // free kills what still runs
    int pid = ct_proc_pid(proc);
    ct_proc_free(proc);
    assert_int_equal(kill(pid, 0), -1);
    assert_int_equal(errno, ESRCH);
}

static void waiting_does_not_need_reading(void **state) {
    (void)state;
    ct_proc *proc = start("yes | head -c 1000000; exit 3", false); // more than a pipe holds
    assert_int_equal(ct_proc_wait(proc), 3);
    ct_proc_free(proc);
    proc = start("sleep 5 2>/dev/null & exit 4", false); // a grandchild keeps the pipe
    assert_int_equal(ct_proc_wait(proc), 4);
    ct_proc_free(proc);
}

static void long_lines_are_cut(void **state) {
    (void)state;
    ct_proc *proc = start("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next", false);
    char *line = NULL;
    assert_int_equal(ct_proc_read_line(proc, &line), CT_OK);
    assert_int_equal(strlen(line), 1024 * 1024);
    assert_line(proc, "next");
    assert_end(proc);
    ct_proc_free(proc);
}

static void nothing_else_is_inherited(void **state) {
    (void)state;
    int leaky = open("/dev/null", O_RDONLY); // not close-on-exec
    int high = fcntl(leaky, F_DUPFD, 100);
    signal(SIGPIPE, SIG_IGN);
    // ls opens one of its own for the listing
    ct_proc *proc = start("cat; ls /proc/self/fd | wc -l; kill -PIPE $$; echo alive", false);
    signal(SIGPIPE, SIG_DFL);
    assert_line(proc, "4");
    assert_end(proc);
    assert_int_equal(ct_proc_wait(proc), 128 + SIGPIPE);
    ct_proc_free(proc);
    close(leaky);
    close(high);
}

#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define VFORK_IS_FORK // the sanitizer sees to that
#endif
#endif

static bool armed;

static void end_child(void) {
    if (armed) _exit(77);
}

// A library's handler may wait for a lock that another thread had.
static void handlers_of_fork_do_not_run(void **state) {
    (void)state;
#ifdef VFORK_IS_FORK
    skip();
#endif
    assert_int_equal(pthread_atfork(NULL, NULL, end_child), 0);
    armed = true;
    ct_proc *proc = start("exit 3", false);
    armed = false;
    assert_int_equal(ct_proc_wait(proc), 3);
    ct_proc_free(proc);
}

static pid_t own_pid;
static bool ran_in_child;

static void look_where(int number) {
    (void)number;
    if (getpid() != own_pid) ran_in_child = true; // the child has our memory until exec
}

static void *signal_all(void *stop) {
    while (!atomic_load((atomic_bool *)stop)) {
        kill(0, SIGUSR1);
        ct_clock_sleep_us(ct_clock_real(), 20);
    }
    return NULL;
}

static void handlers_of_signals_do_not_run(void **state) {
    (void)state;
    struct sigaction look = {.sa_handler = look_where, .sa_flags = SA_RESTART}, before;
    atomic_bool stop = false;
    pthread_t thread;
    assert_int_equal(setpgid(0, 0), 0);
    own_pid = getpid();
    assert_int_equal(sigaction(SIGUSR1, &look, &before), 0);
    assert_int_equal(pthread_create(&thread, NULL, signal_all, &stop), 0);
    for (int i = 0; i < 200; i++) {
        ct_proc *proc = NULL; // the signal may end it before it is another program
        if (ct_proc_start(&proc, (char *[]){"true", NULL}, false) == CT_OK) ct_proc_wait(proc);
        ct_proc_free(proc);
    }
    atomic_store(&stop, true);
    pthread_join(thread, NULL);
    sigaction(SIGUSR1, &before, NULL);
    assert_false(ran_in_child);
}

static void *start_in_a_thread(void *out) {
    *(ct_proc **)out = start("echo ready; read x; sleep 0.2; echo still here", false);
    return NULL;
}

static void it_outlives_the_thread_that_started_it(void **state) {
    (void)state;
    pthread_t thread;
    ct_proc *proc = NULL;
    assert_int_equal(pthread_create(&thread, NULL, start_in_a_thread, &proc), 0);
    pthread_join(thread, NULL);
    assert_line(proc, "ready");
    assert_line(proc, "still here");
    assert_int_equal(ct_proc_wait(proc), 0);
    ct_proc_free(proc);
}

static void it_dies_with_its_parent(void **state) {
    (void)state;
    int told[2];
    assert_int_equal(pipe(told), 0);
    pid_t parent = fork();
    if (parent == 0) { // a parent that starts a child, tells its pid and is killed
        ct_proc *proc = NULL;
        if (ct_proc_start(&proc, (char *[]){"sleep", "100", NULL}, false) != CT_OK) _exit(1);
        int pid = ct_proc_pid(proc);
        if (write(told[1], &pid, sizeof pid) != sizeof pid) _exit(1);
        for (;;) pause();
    }
    int pid = 0;
    assert_int_equal(read(told[0], &pid, sizeof pid), sizeof pid);
    assert_int_equal(kill(pid, 0), 0);
    kill(parent, SIGKILL);
    waitpid(parent, NULL, 0);
    char name[64], text[512] = "";
    snprintf(name, sizeof name, "/proc/%d/stat", pid);
    bool gone = false;
    for (int i = 0; i < 500 && !gone; i++) { // gone, or dead and waiting for init
        FILE *stat = fopen(name, "r");
        gone = !stat || !fgets(text, sizeof text, stat) || strstr(text, ") Z ");
        if (stat) fclose(stat);
        ct_clock_sleep_us(ct_clock_real(), 10000);
    }
    assert_true(gone);
    close(told[0]);
    close(told[1]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_and_exit_code),
        cmocka_unit_test(a_wait_for_a_line_may_end),
        cmocka_unit_test(output_ends_with_the_child),
        cmocka_unit_test(stderr_joins_on_request),
        cmocka_unit_test(arguments_pass_unchanged),
        cmocka_unit_test(missing_programs_are_named),
        cmocka_unit_test(signals_end_it),
        cmocka_unit_test(it_yields_to_others),
        cmocka_unit_test(waiting_does_not_need_reading),
        cmocka_unit_test(long_lines_are_cut),
        cmocka_unit_test(nothing_else_is_inherited),
        cmocka_unit_test(handlers_of_fork_do_not_run),
        cmocka_unit_test(handlers_of_signals_do_not_run),
        cmocka_unit_test(it_outlives_the_thread_that_started_it),
        cmocka_unit_test(it_dies_with_its_parent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
