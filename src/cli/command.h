// A subcommand: its table of options, from which parsing, --help, the man page and the completion
// come, and its function. An option "config" of any command names a file of options: a JSON object
// whose keys are the others' names with _ for -; what the command line says goes before it.
#ifndef CT_CLI_COMMAND_H
#define CT_CLI_COMMAND_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>

#include "cimtwin/err.h"
#include "store/store.h"

typedef struct ct_option {
    const char *name;    // "threads" for --threads
    const char *metavar; // "N"; NULL for a switch
    const char *help;
} ct_option;

typedef struct ct_args ct_args; // parsed arguments of one call

typedef struct ct_command {
    const char *name, *summary;
    const char *synopsis;               // "TWIN FILE..."
    int min_args, max_args;             // positional ones; max -1 = any number
    const ct_option *options;           // ends with a NULL name; --help is always there
    const char *examples;               // lines, each with its command
    ct_err (*run)(const ct_args *args); // the error decides the exit code
    const char *notes;                  // more to know, in lines for people; NULL = nothing
} ct_command;

extern const ct_command ct_cmd_new, ct_cmd_import, ct_cmd_info, ct_cmd_query, ct_cmd_export,
    ct_cmd_serve, ct_cmd_run, ct_cmd_compare, ct_cmd_backup, ct_cmd_check, ct_cmd_indoor,
    ct_cmd_case, ct_cmd_version;

const ct_command *const *ct_commands(size_t *n); // all of them, as --help lists them

void ct_manual_write(FILE *out);     // the man page
void ct_completion_write(FILE *out); // the completion for bash

size_t ct_args_count(const ct_args *args);                 // positional
const char *ct_args_at(const ct_args *args, size_t index); // borrowed
bool ct_args_has(const ct_args *args, const char *option);
const char *ct_args_value(const ct_args *args, const char *option,
                          const char *otherwise); // the last one given
// The index-th of an option that may be given several times; NULL after the last.
const char *ct_args_value_at(const ct_args *args, const char *option, size_t index);
// A whole number in [min, max]: CT_ARG naming the option otherwise.
CT_CHECKED ct_err ct_args_int(long *out, const ct_args *args, const char *option, long otherwise,
                              long min, long max);

// Parses and runs; prints help and errors. Returns the exit code.
int ct_command_main(const ct_command *command, int argc, char **argv);
void ct_command_help(FILE *out, const ct_command *command);

// An opened twin with its catalogue; most commands start so.
typedef struct ct_twin {
    ct_catalogue *catalogue;
    ct_store *store;
} ct_twin;
CT_CHECKED ct_err ct_twin_open(ct_twin *out, const char *path);
void ct_twin_close(ct_twin *twin);

// Writes to stdout; CT_IO when it cannot (a full disk, a closed pipe).
CT_CHECKED ct_err ct_print(const ct_buf *text);

// The "cancel" flag that Ctrl-C and SIGTERM set once ct_catch_signals was called.
atomic_bool *ct_cancel_flag(void);
void ct_catch_signals(void);

#endif
