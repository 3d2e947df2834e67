// The man page and the completion for bash, both from the commands' own tables, so that they never
// tell of other options than --help: `cimtwin help --man`, `cimtwin help --completion`.
#include <string.h>

#include "cli/command.h"

// ---- the man page (man(7)) ----------------------------------------------------------------------

// Text as it is: roff takes no dash for a hyphen, no backslash for its own, no line for a request.
static void put_roff(FILE *out, const char *text) {
    bool begins = true;
    for (; *text; text++) {
        if (begins && (*text == '.' || *text == '\'')) fputs("\\&", out);
        if (*text == '-')
            fputs("\\-", out);
        else if (*text == '\\')
            fputs("\\e", out);
        else
            fputc(*text, out);
        begins = *text == '\n';
    }
}

static void put_option(FILE *out, const ct_option *o) {
    fputs(".TP\n.B ", out);
    put_roff(out, "--");
    put_roff(out, o->name);
    if (o->metavar) {
        fputs("\\fR \\fI", out);
        put_roff(out, o->metavar);
        fputs("\\fR", out);
    }
    fputc('\n', out);
    put_roff(out, o->help);
    fputc('\n', out);
}

static void put_command(FILE *out, const ct_command *c) {
    fputs(".SS \"cimtwin ", out);
    put_roff(out, c->name);
    if (c->options->name) fputs(" [OPTIONS]", out);
    if (*c->synopsis) fputc(' ', out);
    put_roff(out, c->synopsis);
    fputs("\"\n", out);
    put_roff(out, c->summary);
    fputs(".\n", out);
    for (const ct_option *o = c->options; o->name; o++) put_option(out, o);
    if (c->notes) {
        fputs(".PP\n", out);
        put_roff(out, c->notes);
    }
    fputs(".PP\n.nf\n", out);
    put_roff(out, c->examples);
    fputs(".fi\n", out);
}

static const char k_head[] =
    ".TH CIMTWIN 1 \"\" \"cimtwin " CT_VERSION "\" \"User commands\"\n"
    ".SH NAME\n"
    "cimtwin \\- a digital twin of a community, its simulations and its server\n"
    ".SH SYNOPSIS\n"
    ".B cimtwin\n"
    ".I COMMAND\n"
    ".RI [ OPTIONS ]\n"
    ".I ARGUMENTS\n"
    ".SH DESCRIPTION\n"
    "A twin is the file TWIN, a SpatiaLite database with features and their changes, and beside "
    "it\n"
    "the folder TWIN.d with terrain, observations and runs.\n"
    ".SH COMMANDS\n";

static const char k_tail[] =
    ".SH \"EXIT STATUS\"\n"
    "0 done, 1 failed at work, 2 wrong use, 3 bad input, 4 not found, 5 cancelled.\n"
    "An error is one line on stderr.\n"
    ".SH SIGNALS\n"
    "SIGINT, SIGTERM and SIGHUP ask for an orderly end; a second one ends at once. A command that\n"
    "was started with nohup outlives SIGHUP. What was acknowledged is on disk either way, and "
    "what\n"
    "was half done is not there.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B CIMTWIN_DATA\n"
    "Folder of the class catalogue and the import rules, if it is not the installed one.\n"
    ".TP\n.BR NOTIFY_SOCKET \", \" WATCHDOG_USEC\n"
    "Set by systemd: where \\fBserve\\fR tells that it is ready and alive.\n"
    ".SH FILES\n"
    ".TP\n.I /var/lib/cimtwin/NAME.ct\n"
    "The twin that the unit \\fBcimtwin@NAME.service\\fR serves.\n"
    ".TP\n.I /etc/cimtwin/NAME.json\n"
    "Its options (\\fBserve \\-\\-config\\fR).\n";

void ct_manual_write(FILE *out) {
    size_t n;
    const ct_command *const *commands = ct_commands(&n);
    fputs(k_head, out);
    for (size_t i = 0; i < n; i++) put_command(out, commands[i]);
    fputs(k_tail, out);
}

// ---- completion ---------------------------------------------------------------------------------

static const char k_completion_head[] =
    "# Completion of cimtwin for bash; made by `cimtwin help --completion`.\n"
    "_cimtwin() {\n"
    "    local word=${COMP_WORDS[COMP_CWORD]} options=\"\"\n"
    "    COMPREPLY=()\n"
    "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
    "        mapfile -t COMPREPLY < <(compgen -W \"";

static const char k_completion_tail[] =
    "    esac\n"
    "    case $word in\n"
    "    -*) mapfile -t COMPREPLY < <(compgen -W \"$options --help\" -- \"$word\") ;;\n"
    "    *) mapfile -t COMPREPLY < <(compgen -f -- \"$word\") ;;\n"
    "    esac\n"
    "}\n"
    "complete -o filenames -F _cimtwin cimtwin\n";

void ct_completion_write(FILE *out) {
    size_t n;
    const ct_command *const *commands = ct_commands(&n);
    fputs(k_completion_head, out);
    for (size_t i = 0; i < n; i++) fprintf(out, "%s ", commands[i]->name);
    fputs("help --version\" -- \"$word\")\n        return\n    fi\n    case ${COMP_WORDS[1]} in\n",
          out);
    for (size_t i = 0; i < n; i++) {
        fprintf(out, "    %s) options=\"", commands[i]->name);
        for (const ct_option *o = commands[i]->options; o->name; o++)
            fprintf(out, "%s--%s", o == commands[i]->options ? "" : " ", o->name);
        fputs("\" ;;\n", out);
    }
    fputs(k_completion_tail, out);
}
