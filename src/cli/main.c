// cimtwin: the program. Finds the subcommand; each has a file of its own.
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "store/store.h"

static const ct_command *const k_commands[] = {
    &ct_cmd_new,    &ct_cmd_import, &ct_cmd_info,    &ct_cmd_query,  &ct_cmd_export,
    &ct_cmd_serve,  &ct_cmd_run,    &ct_cmd_compare, &ct_cmd_backup, &ct_cmd_check,
    &ct_cmd_indoor, &ct_cmd_case,   &ct_cmd_version,
};
#define N_COMMANDS (sizeof k_commands / sizeof *k_commands)

const ct_command *const *ct_commands(size_t *n) {
    *n = N_COMMANDS;
    return k_commands;
}

static void print_help(FILE *out) {
    fprintf(out, "cimtwin " CT_VERSION
                 ": a digital twin of a community, its simulations and its server\n\n"
                 "Usage: cimtwin COMMAND [OPTIONS] ARGUMENTS\n\nCommands:\n");
    for (size_t i = 0; i < N_COMMANDS; i++)
        fprintf(out, "  %-9s %s\n", k_commands[i]->name, k_commands[i]->summary);
    fprintf(out,
            "\n'cimtwin COMMAND --help' tells of one command, with examples; 'cimtwin help --man'\n"
            "and 'cimtwin help --completion' print the man page and the completion for bash.\n\n"
            "Example:\n  cimtwin new town.ct --crs EPSG:4547 && cimtwin serve town.ct\n\n"
            "Exit codes: 0 done, 1 failed at work, 2 wrong use, 3 bad input, 4 not found, 5 "
            "cancelled.\n");
}

static int help(int argc, char **argv) {
    if (argc > 0 && strcmp(argv[0], "--man") == 0) {
        ct_manual_write(stdout);
    } else if (argc > 0 && strcmp(argv[0], "--completion") == 0) {
        ct_completion_write(stdout);
    } else {
        for (size_t i = 0; argc > 0 && i < N_COMMANDS; i++) {
            if (strcmp(k_commands[i]->name, argv[0]) != 0) continue;
            ct_command_help(stdout, k_commands[i]);
            return 0;
        }
        print_help(stdout);
    }
    return fflush(stdout) == 0 ? 0 : 1;
}

int main(int argc, char **argv) {
    ct_store_program_begins();
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        strcmp(argv[1], "help") == 0)
        return help(argc - 2, argv + 2);
    const char *name = strcmp(argv[1], "--version") == 0 ? "version" : argv[1];
    for (size_t i = 0; i < N_COMMANDS; i++)
        if (strcmp(k_commands[i]->name, name) == 0)
            return ct_command_main(k_commands[i], argc - 2, argv + 2);
    fprintf(stderr, "cimtwin: there is no command \"%s\"\nTry: cimtwin --help\n", argv[1]);
    return 2;
}
