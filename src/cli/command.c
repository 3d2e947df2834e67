// Parsing of a subcommand's arguments, its help, and what most subcommands start with.
#include "cli/command.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/json.h"
#include "base/mem.h"

#define MAX_ARGS       4096
#define MAX_KEPT       64
#define MAX_FILE_BYTES ((size_t)1 << 20)
#define EXIT_CANCELLED 5

struct ct_args {
    const char *positional[MAX_ARGS];
    size_t n_positional;
    const char *names[MAX_ARGS], *values[MAX_ARGS]; // options in their order; "" for switches
    size_t n_options;
    struct { // of the file of options; what the command line says goes before it
        const char *name;
        char *value;
    } kept[MAX_KEPT];
    size_t n_kept;
};

// Set by the handler of Ctrl-C: the one thing a handler may do, but for ending at once.
static atomic_bool k_cancel;

// The first asks for an orderly end; who asks again does not want to wait for it. What was
// acknowledged is on disk either way.
static void on_signal(int number) {
    (void)number;
    if (atomic_exchange(&k_cancel, true)) _exit(EXIT_CANCELLED);
}

atomic_bool *ct_cancel_flag(void) {
    return &k_cancel;
}

void ct_catch_signals(void) {
    struct sigaction action = {.sa_handler = on_signal}, before;
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    // The terminal is gone: an end like any other, but not for what nohup started.
    if (sigaction(SIGHUP, NULL, &before) == 0 && before.sa_handler != SIG_IGN)
        sigaction(SIGHUP, &action, NULL);
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
    for (size_t i = 0; i < args->n_kept; i++)
        if (strcmp(args->kept[i].name, option) == 0) return args->kept[i].value;
    return otherwise;
}

const char *ct_args_value_at(const ct_args *args, const char *option, size_t index) {
    for (size_t i = 0; i < args->n_options; i++)
        if (strcmp(args->names[i], option) == 0 && index-- == 0) return args->values[i];
    return NULL;
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

// ---- the file of options: a JSON object, its keys the options' names with _ for - --------------

// The option that a key means; NULL = none.
static const ct_option *option_of_key(const ct_command *command, const char *key) {
    char name[64];
    const size_t n = strlen(key);
    if (n >= sizeof name || strchr(key, '-') || strcmp(key, "config") == 0) return NULL;
    for (size_t i = 0; i <= n; i++) name[i] = key[i] == '_' ? '-' : key[i];
    return find_option(command, name, n);
}

static bool is_number(const ct_option *option) {
    return strcmp(option->metavar, "N") == 0 || strcmp(option->metavar, "SECONDS") == 0 ||
           strcmp(option->metavar, "DAYS") == 0;
}

static ct_err keep_member(ct_args *args, const ct_command *command, const char *key,
                          const json_t *value) {
    const ct_option *option = option_of_key(command, key);
    if (!option) return ct_fail(CT_PARSE, "unknown key \"%s\"", key);
    if (args->n_kept == MAX_KEPT) return ct_fail(CT_LIMIT, "more than %d keys", MAX_KEPT);
    char *text = NULL;
    if (!option->metavar) {
        if (!json_is_boolean(value)) return ct_fail(CT_PARSE, "%s: it is true or false", key);
        if (json_is_false(value)) return CT_OK;
        text = ct_strdup("");
    } else if (is_number(option)) {
        if (!json_is_integer(value)) return ct_fail(CT_PARSE, "%s: it is a whole number", key);
        text = ct_sprintf("%lld", (long long)json_integer_value(value));
    } else {
        if (!json_is_string(value)) return ct_fail(CT_PARSE, "%s: it is a text", key);
        text = ct_strdup(json_string_value(value));
    }
    if (!text) return CT_NOMEM;
    args->kept[args->n_kept].name = option->name;
    args->kept[args->n_kept++].value = text;
    return CT_OK;
}

static ct_err read_options(ct_args *args, const ct_command *command, const char *path) {
    json_t *document = NULL, *value;
    const char *key;
    CT_TRY(ct_json_read_file(&document, path, MAX_FILE_BYTES));
    ct_err err = json_is_object(document) ? CT_OK : ct_fail(CT_PARSE, "it is not an object");
    json_object_foreach(document, key, value) {
        if (err == CT_OK && strcmp(key, "$schema") != 0)
            err = keep_member(args, command, key, value);
    }
    json_decref(document);
    return ct_context(err, "%s", path);
}

static bool on_command_line(const ct_args *args, const char *name) {
    for (size_t i = 0; i < args->n_options; i++)
        if (strcmp(args->names[i], name) == 0) return true;
    return false;
}

// Commands say "--NAME ...: what is wrong" of an option. One that stood in the file is bad input,
// not wrong use, and goes by the file's name and its key.
static ct_err blame_file(const ct_args *args, const char *path, ct_err err) {
    const char *message = ct_err_message();
    const bool of_a_value = err == CT_ARG || err == CT_PARSE || err == CT_NOTFOUND;
    if (!of_a_value || strncmp(message, "--", 2) != 0) return err;
    for (size_t i = 0; i < args->n_kept; i++) {
        const char *name = args->kept[i].name;
        const size_t n = strlen(name), after = n + 2;
        if (strncmp(message + 2, name, n) != 0 || !strchr(" :", message[after])) continue;
        if (on_command_line(args, name)) continue;
        char key[64], rest[512];
        for (size_t k = 0; k <= n && n < sizeof key; k++) key[k] = name[k] == '-' ? '_' : name[k];
        snprintf(rest, sizeof rest, "%s", message + after + strspn(message + after, " :"));
        return ct_fail(CT_PARSE, "%s: %s: %s", path, key, rest);
    }
    return err;
}

static void free_args(ct_args *args) {
    for (size_t i = 0; args && i < args->n_kept; i++) ct_free(args->kept[i].value);
    ct_free(args);
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
    if (command->notes) fprintf(out, "\n%s", command->notes);
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
    const char *file = err == CT_OK ? ct_args_value(args, "config", NULL) : NULL;
    if (file) err = read_options(args, command, file);
    if (err == CT_OK) {
        err = command->run(args);
        if (file) err = blame_file(args, file, err);
    }
    // What was printed counts only where it arrived (a full disk, a closed pipe).
    if ((fflush(stdout) != 0 || ferror(stdout)) && err == CT_OK)
        err = ct_fail(CT_IO, "the output cannot be written");
    free_args(args);
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
