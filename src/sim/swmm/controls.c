// [CONTROLS]: rules of clauses, one a line.
#include <math.h>
#include <string.h>

#include "sim/swmm/rules.h"

typedef enum part { NOTHING, IF_PART, THEN_PART, ELSE_PART } part;

typedef struct parser {
    ct_swmm__reader *r;
    struct ct_swmm_rules *rules;
    ct_swmm__rule *rule;
    part part;
} parser;

static ct_err fail(const parser *p, const ct_swmm_line *line, const char *what) {
    return ct_swmm_fail(p->r->document, line, CT_PARSE, "rule %.60s: %s",
                        p->rule ? p->rule->name : "?", what);
}

// The rule has something that is known to the format, but not carried out here.
static void leave_out(const parser *p, const ct_swmm_line *line, const char *what) {
    ct_swmm__find(p->r, line, "swmm-rule", "rule %.60s is left out: %.60s is not carried out",
                  p->rule->name, what);
    p->rule->left_out = true;
}

// ---- variables ---------------------------------------------------------------------------------

static bool is_link(const char *word, ct_swmm_link_kind *kind) {
    *kind = CT_SWMM_LINK_KINDS; // any
    if (ct_swmm__is(word, "LINK")) return true;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        if (!ct_swmm__is(word, ct_swmm_link_kind_name((ct_swmm_link_kind)k))) continue;
        *kind = (ct_swmm_link_kind)k;
        return true;
    }
    return false;
}

static ct_err find_link(const parser *p, const ct_swmm_line *line, const char *name,
                        ct_swmm_link_kind want, ct_swmm_link_kind *kind, uint32_t *index) {
    if (ct_swmm_find_link(kind, index, p->r->net, name) &&
        (want == CT_SWMM_LINK_KINDS || want == *kind))
        return CT_OK;
    return ct_swmm_fail(p->r->document, line, CT_PARSE, "rule %.60s: there is no %s \"%.60s\"",
                        p->rule->name,
                        want == CT_SWMM_LINK_KINDS ? "link" : ct_swmm_link_kind_name(want), name);
}

typedef struct known {
    const char *name;
    ct_swmm__quantity quantity;
    double factor;
} known;

static bool look_up(ct_swmm__variable *v, const known *list, size_t count, const char *word) {
    for (size_t i = 0; i < count; i++) {
        if (!ct_swmm__is(word, list[i].name)) continue;
        v->quantity = list[i].quantity;
        v->factor = list[i].factor;
        return true;
    }
    return false;
}

static ct_err node_variable(ct_swmm__variable *v, const parser *p, const ct_swmm_line *line,
                            size_t at) {
    const ct_swmm_units *u = &p->r->units;
    const known list[] = {{"DEPTH", CT_SWMM__NODE_DEPTH, 1 / u->length_m},
                          {"HEAD", CT_SWMM__NODE_HEAD, 1 / u->length_m},
                          {"VOLUME", CT_SWMM__NODE_VOLUME, 1 / pow(u->length_m, 3)},
                          {"INFLOW", CT_SWMM__NODE_INFLOW, 1 / u->flow_m3s}};
    if (!ct_swmm_find_node(&v->index, p->r->net, ct_swmm__word(line, at + 1))) {
        return ct_swmm_fail(p->r->document, line, CT_PARSE,
                            "rule %.60s: there is no node \"%.60s\"", p->rule->name,
                            ct_swmm__word(line, at + 1));
    }
    if (!look_up(v, list, sizeof list / sizeof *list, ct_swmm__word(line, at + 2)))
        leave_out(p, line, ct_swmm__word(line, at + 2));
    return CT_OK;
}

static ct_err link_variable(ct_swmm__variable *v, const parser *p, const ct_swmm_line *line,
                            size_t at, ct_swmm_link_kind kind) {
    const ct_swmm_units *u = &p->r->units;
    const known list[] = {{"FLOW", CT_SWMM__LINK_FLOW, 1 / u->flow_m3s},
                          {"DEPTH", CT_SWMM__LINK_DEPTH, 1 / u->length_m},
                          {"VELOCITY", CT_SWMM__LINK_VELOCITY, 1 / u->length_m},
                          {"SETTING", CT_SWMM__LINK_SETTING, 1},
                          {"STATUS", CT_SWMM__LINK_SETTING, 1},
                          {"TIMEOPEN", CT_SWMM__LINK_OPEN_S, 1},
                          {"TIMECLOSED", CT_SWMM__LINK_CLOSED_S, 1}};
    CT_TRY(find_link(p, line, ct_swmm__word(line, at + 1), kind, &v->kind, &v->index));
    if (!look_up(v, list, sizeof list / sizeof *list, ct_swmm__word(line, at + 2)))
        leave_out(p, line, ct_swmm__word(line, at + 2));
    return CT_OK;
}

static bool time_variable(ct_swmm__variable *v, const char *word) {
    static const known list[] = {
        {"TIME", CT_SWMM__TIME, 1},           {"DATE", CT_SWMM__DATE, 1},
        {"CLOCKTIME", CT_SWMM__CLOCKTIME, 1}, {"DAY", CT_SWMM__DAY, 1},
        {"MONTH", CT_SWMM__MONTH, 1},         {"DAYOFYEAR", CT_SWMM__YEARDAY, 1}};
    return look_up(v, list, sizeof list / sizeof *list, word);
}

// OBJECT name ATTRIBUTE, or SIMULATION ATTRIBUTE; *at moves behind it.
static ct_err read_variable(ct_swmm__variable *v, const parser *p, const ct_swmm_line *line,
                            size_t *at) {
    const char *object = ct_swmm__word(line, *at);
    ct_swmm_link_kind kind;
    const size_t first = *at;
    *at += 3;
    if (ct_swmm__is(object, "NODE")) return node_variable(v, p, line, first);
    if (is_link(object, &kind)) return link_variable(v, p, line, first, kind);
    if (ct_swmm__is(object, "SIMULATION")) {
        *at = first + 2;
        if (time_variable(v, ct_swmm__word(line, first + 1))) return CT_OK;
        return fail(p, line, "SIMULATION has TIME, DATE, CLOCKTIME, DAY, MONTH and DAYOFYEAR");
    }
    leave_out(p, line, object); // GAGE, named variables and expressions
    *at = line->count;
    return CT_OK;
}

// ---- premises ----------------------------------------------------------------------------------

static bool read_relation(ct_swmm__relation *out, const char *word) {
    static const struct {
        const char *text;
        ct_swmm__relation relation;
    } list[] = {{"=", CT_SWMM__EQUAL},    {"==", CT_SWMM__EQUAL},   {"<>", CT_SWMM__OTHER},
                {"<", CT_SWMM__LESS},     {"<=", CT_SWMM__AT_MOST}, {">", CT_SWMM__MORE},
                {">=", CT_SWMM__AT_LEAST}};
    for (size_t i = 0; i < sizeof list / sizeof *list; i++) {
        if (strcmp(word, list[i].text) != 0) continue;
        *out = list[i].relation;
        return true;
    }
    return false;
}

// What a word means as the value of a variable: a number, a state, a time, a date, a month.
static bool read_value(double *out, const parser *p, const ct_swmm__variable *v, const char *word) {
    int64_t days;
    const bool on = ct_swmm__is(word, "ON") || ct_swmm__is(word, "OPEN");
    if (v->quantity == CT_SWMM__LINK_SETTING &&
        (on || ct_swmm__is(word, "OFF") || ct_swmm__is(word, "CLOSED"))) {
        *out = on;
        return true;
    }
    switch (v->quantity) {
    case CT_SWMM__DATE: {
        if (!ct_swmm__read_date(&days, word)) return false;
        const int64_t start = p->r->net->options.start_s;
        *out = (double)(days * 86400 - (start - (start % 86400 + 86400) % 86400));
        return true;
    }
    case CT_SWMM__TIME:
    case CT_SWMM__CLOCKTIME:
    case CT_SWMM__LINK_OPEN_S:
    case CT_SWMM__LINK_CLOSED_S: return ct_swmm__read_time(out, word);
    case CT_SWMM__NODE_DEPTH:
    case CT_SWMM__NODE_HEAD:
    case CT_SWMM__NODE_VOLUME:
    case CT_SWMM__NODE_INFLOW:
    case CT_SWMM__LINK_FLOW:
    case CT_SWMM__LINK_DEPTH:
    case CT_SWMM__LINK_VELOCITY:
    case CT_SWMM__LINK_SETTING:
    case CT_SWMM__DAY:
    case CT_SWMM__MONTH:
    case CT_SWMM__YEARDAY: break;
    }
    return ct_swmm__read_number(out, word);
}

static ct_err take_premise(parser *p, const ct_swmm_line *line, bool either) {
    size_t at = 1;
    ct_swmm__premise *q = &p->rules->premises[p->rules->premise_count++];
    *q = (ct_swmm__premise){.either = either};
    p->rule->premise_count++;
    CT_TRY(read_variable(&q->left, p, line, &at));
    if (p->rule->left_out) return CT_OK;
    if (!read_relation(&q->relation, ct_swmm__word(line, at)))
        return fail(p, line, "a relation is missing: = <> < > <= >=");
    const char *word = ct_swmm__word(line, ++at);
    if (read_value(&q->value, p, &q->left, word)) return CT_OK;
    ct_swmm_link_kind kind;
    if (!ct_swmm__is(word, "NODE") && !ct_swmm__is(word, "SIMULATION") && !is_link(word, &kind)) {
        return ct_swmm_fail(p->r->document, line, CT_PARSE, "rule %.60s: \"%.40s\" is no value",
                            p->rule->name, word);
    }
    q->against_variable = true;
    return read_variable(&q->right, p, line, &at);
}

// ---- actions -----------------------------------------------------------------------------------

static ct_err read_setting(ct_swmm__action *a, parser *p, const ct_swmm_line *line, size_t at) {
    const char *word = ct_swmm__word(line, at);
    size_t index;
    const double most = a->kind == CT_SWMM_PUMP ? 10 : 1;
    if (ct_swmm__is(word, "CURVE")) {
        a->means = CT_SWMM__BY_CURVE;
        return ct_swmm__curve(&a->table, p->r, line, at + 1, "CONTROL");
    }
    if (ct_swmm__is(word, "TIMESERIES")) {
        a->means = CT_SWMM__BY_SERIES;
        if (!ct_swmm__name_get(&index, p->r->series.map, ct_swmm__word(line, at + 1)))
            return fail(p, line, "there is no time series of this name");
        return ct_swmm__one_series(&a->table, p->r, line, at + 1);
    }
    if (ct_swmm__is(word, "PID")) {
        a->means = CT_SWMM__BY_PID;
        CT_TRY(ct_swmm__number(&a->p, p->r, line, at + 1, "gain"));
        CT_TRY(ct_swmm__number(&a->i_min, p->r, line, at + 2, "integral time"));
        return ct_swmm__number(&a->d_min, p->r, line, at + 3, "derivative time");
    }
    CT_TRY(ct_swmm__number(&a->value, p->r, line, at, "setting"));
    if (a->value >= 0 && a->value <= most) return CT_OK;
    return ct_swmm_fail(p->r->document, line, CT_RANGE, "rule %.60s: a setting of %g",
                        p->rule->name, a->value);
}

// LINK name ATTRIBUTE = value
static ct_err take_action(parser *p, const ct_swmm_line *line) {
    ct_swmm_link_kind want;
    ct_swmm__action *a = &p->rules->actions[p->rules->action_count++];
    *a = (ct_swmm__action){.otherwise = p->part == ELSE_PART};
    p->rule->action_count++;
    if (!is_link(ct_swmm__word(line, 1), &want) || want == CT_SWMM_LINK_KINDS)
        return fail(p, line, "an action is on a PUMP, ORIFICE, WEIR, OUTLET or CONDUIT");
    CT_TRY(find_link(p, line, ct_swmm__word(line, 2), want, &a->kind, &a->index));
    if (strcmp(ct_swmm__word(line, 4), "=") != 0) return fail(p, line, "= is missing");
    const char *what = ct_swmm__word(line, 3), *value = ct_swmm__word(line, 5);
    if (ct_swmm__is(what, "STATUS")) {
        a->value = ct_swmm__is(value, "ON") || ct_swmm__is(value, "OPEN");
        if (a->value > 0 || ct_swmm__is(value, "OFF") || ct_swmm__is(value, "CLOSED")) return CT_OK;
        return fail(p, line, "a status is ON or OFF, OPEN or CLOSED");
    }
    if (!ct_swmm__is(what, "SETTING")) return fail(p, line, "STATUS or SETTING is missing");
    return read_setting(a, p, line, 5);
}

// ------------------------------------------------------------------------------------------------

static ct_err take_clause(parser *p, const ct_swmm_line *line) {
    const char *key = line->words[0];
    if (ct_swmm__is(key, "RULE")) {
        p->rule = &p->rules->rules[p->rules->rule_count++];
        *p->rule = (ct_swmm__rule){.name = ct_swmm__word(line, 1),
                                   .priority = -1,
                                   .first_premise = p->rules->premise_count,
                                   .first_action = p->rules->action_count};
        p->part = NOTHING;
        return CT_OK;
    }
    if (ct_swmm__is(key, "VARIABLE") || ct_swmm__is(key, "EXPRESSION")) return CT_OK; // told by use
    if (!p->rule) return fail(p, line, "a clause before the first RULE");
    if (p->rule->left_out) return CT_OK;
    if (ct_swmm__is(key, "IF")) {
        p->part = IF_PART;
        return take_premise(p, line, false);
    }
    const bool either = ct_swmm__is(key, "OR");
    if (p->part == IF_PART && (either || ct_swmm__is(key, "AND")))
        return take_premise(p, line, either);
    if (ct_swmm__is(key, "THEN") && p->part == IF_PART) {
        p->part = THEN_PART;
        return take_action(p, line);
    }
    if (ct_swmm__is(key, "ELSE") && p->part == THEN_PART) {
        p->part = ELSE_PART;
        return take_action(p, line);
    }
    if (ct_swmm__is(key, "AND") && p->part >= THEN_PART) return take_action(p, line);
    if (ct_swmm__is(key, "PRIORITY"))
        return ct_swmm__number(&p->rule->priority, p->r, line, 1, "priority");
    return ct_swmm_fail(p->r->document, line, CT_PARSE,
                        "rule %.60s: \"%.40s\" does not belong here", p->rule->name, key);
}

static ct_err make_settings(parser *p) {
    const ct_drains_params *d = &p->r->net->drains;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        const size_t n = ct_swmm_link_count(p->r->net, (ct_swmm_link_kind)k);
        ct_swmm__setting *s = ct_arena_calloc(p->r->arena, n + 1, sizeof *s);
        if (!s) return CT_NOMEM;
        for (size_t i = 0; i < n; i++)
            s[i].now = s[i].target = k == CT_SWMM_PUMP && d->pumps[i].stopped ? 0 : 1;
        p->rules->settings[k] = s;
    }
    return CT_OK;
}

ct_err ct_swmm__read_controls(ct_swmm__reader *r) {
    const ct_swmm_line *line;
    const size_t most = ct_swmm__count(r, CT_SWMM_CONTROLS);
    parser p = {.r = r, .rules = ct_arena_calloc(r->arena, 1, sizeof *p.rules)};
    if (!p.rules) return CT_NOMEM;
    p.rules->rules = ct_arena_calloc(r->arena, most + 1, sizeof *p.rules->rules);
    p.rules->premises = ct_arena_calloc(r->arena, most + 1, sizeof *p.rules->premises);
    p.rules->actions = ct_arena_calloc(r->arena, most + 1, sizeof *p.rules->actions);
    if (!p.rules->rules || !p.rules->premises || !p.rules->actions) return CT_NOMEM;
    for (size_t at = 0; (line = ct_swmm__next(r, CT_SWMM_CONTROLS, &at));)
        CT_TRY(take_clause(&p, line));
    CT_TRY(make_settings(&p));
    r->net->rules = p.rules;
    return CT_OK;
}
