// Parsing of a subcommand's arguments, its help, and what most subcommands start with.
#include "cli/command.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MAX_ARGS 4096

struct ct_args {
    const char *positional[MAX_ARGS];
    size_t n_positional;
    const char *names[MAX_ARGS], *values[MAX_ARGS]; // options in their order; "" for switches
    size_t n_options;
};

// Set by the handler of Ctrl-C: the one thing a handler may do.
static atomic_bool k_cancel;

static void on_signal(int number) {
    (void)number;
    atomic_store(&k_cancel, true);
}

atomic_bool *ct_cancel_flag(void) {
    return &k_cancel;
}

void ct_catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGPIPE, &action, NULL);
}

size_t ct_args_count(const ct_args *args) {
    return args->n_positional;
}

const char *ct_args_at(const ct_args *args, size_t index) {
    return args->positional[index];
}

const char *ct_args_value(const ct_args *args, const char *option, const char *otherwise) {
    for (size_t i = args->n_options; i-- > 0;)
        if (strcmp(args->names[i], option) == 0) return args->values[i];
    return otherwise;
}

bool ct_args_has(const ct_args *args, const char *option) {
    return ct_args_value(args, option, NULL) != NULL;
}

ct_err ct_args_int(long *out, const ct_args *args, const char *option, long otherwise, long min,
                   long max) {
    const char *text = ct_args_value(args, option, NULL);
    if (!text) {
        *out = otherwise;
        return CT_OK;
    }
    char *end;
    errno = 0;
    const long value = strtol(text, &end, 10);
    if (end == text || *end || errno || value < min || value > max)
        return ct_fail(CT_ARG, "--%s %s: not a whole number from %ld to %ld", option, text, min,
                       max);
    *out = value;
    return CT_OK;
}

static const ct_option *find_option(const ct_command *command, const char *name, size_t length) {
    for (const ct_option *o = command->options; o->name; o++)
        if (strlen(o->name) == length && memcmp(o->name, name, length) == 0) return o;
    return NULL;
}

// One option, "--name value" or "--name=value"; *index moves over what was taken.
static ct_err take_option(ct_args *args, const ct_command *command, int argc, char **argv,
                          int *index) {
    const char *word = argv[*index] + 2, *equals = strchr(word, '=');
    const size_t length = equals ? (size_t)(equals - word) : strlen(word);
    const ct_option *option = find_option(command, word, length);
    if (!option) return ct_fail(CT_ARG, "unknown option --%.*s", (int)length, word);
    const char *value = "";
    if (option->metavar) {
        if (equals)
            value = equals + 1;
        else if (*index + 1 < argc)
            value = argv[++*index];
        else
            return ct_fail(CT_ARG, "--%s needs %s", option->name, option->metavar);
    } else if (equals) {
        return ct_fail(CT_ARG, "--%s takes no value", option->name);
    }
    args->names[args->n_options] = option->name;
    args->values[args->n_options++] = value;
    return CT_OK;
}

static ct_err parse(ct_args *args, const ct_command *command, int argc, char **argv) {
    bool only_positional = false;
    if (argc > MAX_ARGS) return ct_fail(CT_ARG, "more than %d arguments", MAX_ARGS);
    for (int i = 0; i < argc; i++) {
        if (!only_positional && strcmp(argv[i], "--") == 0)
            only_positional = true;
        else if (!only_positional && strncmp(argv[i], "--", 2) == 0)
            CT_TRY(take_option(args, command, argc, argv, &i));
        else
            args->positional[args->n_positional++] = argv[i];
    }
    const int n = (int)args->n_positional;
    if (n < command->min_args || (command->max_args >= 0 && n > command->max_args))
        return ct_fail(CT_ARG, "wrong number of arguments; it is: cimtwin %s %s", command->name,
                       command->synopsis);
    return CT_OK;
}

void ct_command_help(FILE *out, const ct_command *command) {
    fprintf(out, "Usage: cimtwin %s %s%s\n\n%s\n", command->name,
            command->options->name ? "[OPTIONS] " : "", command->synopsis, command->summary);
    if (command->options->name) fprintf(out, "\nOptions:\n");
    for (const ct_option *o = command->options; o->name; o++) {
        char left[48];
        snprintf(left, sizeof left, "--%s%s%s", o->name, o->metavar ? " " : "",
                 o->metavar ? o->metavar : "");
        fprintf(out, "  %-22s %s\n", left, o->help);
    }
    fprintf(out, "\nExamples:\n%s", command->examples);
}

int ct_command_main(const ct_command *command, int argc, char **argv) {
    for (int i = 0; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            ct_command_help(stdout, command);
            return 0;
        }
    ct_args *args = ct_calloc(1, sizeof *args);
    ct_err err = args ? parse(args, command, argc, argv) : CT_NOMEM;
    const bool wrong_use = err == CT_ARG;
    if (err == CT_OK) err = command->run(args);
    // What was printed counts only where it arrived (a full disk, a closed pipe).
    if ((fflush(stdout) != 0 || ferror(stdout)) && err == CT_OK)
        err = ct_fail(CT_IO, "the output cannot be written");
    ct_free(args);
    if (err != CT_OK) {
        const char *message = ct_err_message();
        fprintf(stderr, "cimtwin: %s: %s\n", command->name, *message ? message : ct_err_text(err));
        if (wrong_use) fprintf(stderr, "Try: cimtwin %s --help\n", command->name);
    }
    return ct_err_exit_code(err);
}

ct_err ct_twin_open(ct_twin *out, const char *path) {
    ct_twin twin = {NULL, NULL};
    CT_TRY(ct_catalogue_load(&twin.catalogue, NULL));
    const ct_err err = ct_store_open(&twin.store, path, twin.catalogue);
    if (err == CT_OK)
        *out = twin;
    else
        ct_catalogue_free(twin.catalogue);
    return err;
}

void ct_twin_close(ct_twin *twin) {
    ct_store_close(twin->store);
    ct_catalogue_free(twin->catalogue);
}

ct_err ct_print(const ct_buf *text) {
    CT_TRY(ct_buf_status(text));
    if (fwrite(text->data, 1, text->len, stdout) != text->len || fflush(stdout) != 0)
        return ct_fail(CT_IO, "the output cannot be written");
    return CT_OK;
}
