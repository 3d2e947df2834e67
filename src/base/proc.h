// Child processes: start with a pipe from their stdout, read lines, end them. Used for runs and by
// tests.
#ifndef CT_BASE_PROC_H
#define CT_BASE_PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cimtwin/err.h"

typedef struct ct_proc ct_proc;

// argv ends with NULL; argv[0] is looked up in PATH unless it has a slash. The child gets SIGKILL
// when its parent dies, inherits no descriptor but stdin (empty), stdout (the pipe) and stderr (the
// pipe too if `join_stderr`).
CT_CHECKED ct_err ct_proc_start(ct_proc **out, char *const argv[], bool join_stderr);
// The next line without its end; CT_NOTFOUND at the end of output. `*line` is borrowed until the
// next call. Lines longer than 1 MiB are cut.
CT_CHECKED ct_err ct_proc_read_line(ct_proc *proc, char **line);
// The same, waiting for at most `us` microseconds: CT_TIMEOUT (without message) after them. Here
// the output ends with the child even where a grandchild holds the pipe open.
CT_CHECKED ct_err ct_proc_read_line_for(ct_proc *proc, char **line, int64_t us);
void ct_proc_signal(ct_proc *proc, int signal_number);
// It stands back from others who want the processor, by `nice` from 0 (not at all) to 19: for long
// work beside a server. To be called at once: threads that it has already keep their place.
void ct_proc_yield_to_others(ct_proc *proc, int nice);
int ct_proc_pid(const ct_proc *proc);
// Waits; the exit code, or 128 + signal. May be called once more for the same answer.
int ct_proc_wait(ct_proc *proc);
void ct_proc_free(ct_proc *proc); // kills what still runs, waits, closes

// Lets this process open as many files as it may (the soft limit goes up to the hard one); returns
// how many that are.
uint64_t ct_proc_raise_files(void);

#endif
