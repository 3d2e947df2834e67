// Carrying out control rules between the engine's steps.
#include <math.h>

#include "sim/core/curve.h"
#include "sim/swmm/rules.h"

static const double k_still = 1e-4; // of a controller: errors and changes below it are none

typedef struct now {
    const ct_swmm_network *net;
    struct ct_swmm_rules *rules;
    const ct_drains *drains;
    double time_s, dt_s; // since the rules' last time, or of the step that follows
} now;

// ---- what is ------------------------------------------------------------------------------------

static double flow_of(const now *n, ct_swmm_link_kind kind, size_t index) {
    static const ct_drains_array arrays[CT_SWMM_LINK_KINDS] = {
        CT_DRAINS_FLOW, CT_DRAINS_PUMP_FLOW, CT_DRAINS_ORIFICE_FLOW, CT_DRAINS_WEIR_FLOW,
        CT_DRAINS_OUTLET_FLOW};
    return ct_drains_value(n->drains, arrays[kind], index);
}

static void link_ends(const ct_drains_params *p, ct_swmm_link_kind kind, size_t i,
                      uint32_t ends[2]) {
    switch (kind) {
    case CT_SWMM_CONDUIT: ends[0] = p->conduits[i].from, ends[1] = p->conduits[i].to; break;
    case CT_SWMM_PUMP: ends[0] = p->pumps[i].from, ends[1] = p->pumps[i].to; break;
    case CT_SWMM_ORIFICE: ends[0] = p->orifices[i].from, ends[1] = p->orifices[i].to; break;
    case CT_SWMM_WEIR: ends[0] = p->weirs[i].from, ends[1] = p->weirs[i].to; break;
    case CT_SWMM_OUTLET: ends[0] = p->outlets[i].from, ends[1] = p->outlets[i].to; break;
    case CT_SWMM_LINK_KINDS: break;
    }
}

// All that flows in: from outside and by links.
static double inflow_of(const now *n, uint32_t node) {
    const ct_drains_params *p = &n->net->drains;
    const ct_drains_curve *inflow = &p->nodes[node].inflow;
    double sum = inflow->count
                     ? fmax(0, ct_curve_linear(inflow->x, inflow->y, inflow->count, n->time_s))
                     : 0;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++) {
        for (size_t i = 0; i < ct_swmm_link_count(n->net, (ct_swmm_link_kind)k); i++) {
            uint32_t ends[2] = {0, 0};
            link_ends(p, (ct_swmm_link_kind)k, i, ends);
            if (ends[0] != node && ends[1] != node) continue;
            const double flow = flow_of(n, (ct_swmm_link_kind)k, i);
            sum += fmax(0, ends[1] == node ? flow : -flow);
        }
    }
    return sum;
}

static double time_value(const now *n, ct_swmm__quantity quantity) {
    const int64_t start = n->net->options.start_s;
    const int64_t at = start + (int64_t)floor(n->time_s + 1e-6);
    const int64_t days = (at - (at % 86400 + 86400) % 86400) / 86400;
    const int64_t first = (start - (start % 86400 + 86400) % 86400) / 86400;
    int year, month, yearday;
    ct_swmm__calendar(days, &year, &month, &yearday);
    switch (quantity) {
    case CT_SWMM__DATE: return (double)(days - first) * 86400;
    case CT_SWMM__CLOCKTIME: return n->time_s + (double)(start - days * 86400);
    case CT_SWMM__DAY: return (double)(((days + 4) % 7 + 7) % 7 + 1);
    case CT_SWMM__MONTH: return month;
    case CT_SWMM__YEARDAY: return yearday;
    case CT_SWMM__TIME:
    case CT_SWMM__NODE_DEPTH:
    case CT_SWMM__NODE_HEAD:
    case CT_SWMM__NODE_VOLUME:
    case CT_SWMM__NODE_INFLOW:
    case CT_SWMM__LINK_FLOW:
    case CT_SWMM__LINK_DEPTH:
    case CT_SWMM__LINK_VELOCITY:
    case CT_SWMM__LINK_SETTING:
    case CT_SWMM__LINK_OPEN_S:
    case CT_SWMM__LINK_CLOSED_S: break;
    }
    return n->time_s;
}

static double of_conduit(const now *n, const ct_swmm__variable *v, ct_drains_array array) {
    return v->kind == CT_SWMM_CONDUIT ? ct_drains_value(n->drains, array, v->index) : 0;
}

// NaN: there is none, for the link is not in the state.
static double value_of(const now *n, const ct_swmm__variable *v) {
    const ct_swmm__setting *s;
    switch (v->quantity) {
    case CT_SWMM__NODE_DEPTH:
        return v->factor * ct_drains_value(n->drains, CT_DRAINS_DEPTH, v->index);
    case CT_SWMM__NODE_HEAD:
        return v->factor * ct_drains_value(n->drains, CT_DRAINS_HEAD, v->index);
    case CT_SWMM__NODE_VOLUME:
        return v->factor * ct_drains_value(n->drains, CT_DRAINS_VOLUME, v->index);
    case CT_SWMM__NODE_INFLOW: return v->factor * inflow_of(n, v->index);
    case CT_SWMM__LINK_FLOW: return v->factor * flow_of(n, v->kind, v->index);
    case CT_SWMM__LINK_DEPTH: return v->factor * of_conduit(n, v, CT_DRAINS_CONDUIT_DEPTH);
    case CT_SWMM__LINK_VELOCITY: return v->factor * of_conduit(n, v, CT_DRAINS_VELOCITY);
    case CT_SWMM__LINK_SETTING: return n->rules->settings[v->kind][v->index].now;
    case CT_SWMM__LINK_OPEN_S:
        s = &n->rules->settings[v->kind][v->index];
        return s->now > 0 ? n->time_s - s->changed_s : (double)NAN;
    case CT_SWMM__LINK_CLOSED_S:
        s = &n->rules->settings[v->kind][v->index];
        return s->now > 0 ? (double)NAN : n->time_s - s->changed_s;
    case CT_SWMM__TIME:
    case CT_SWMM__DATE:
    case CT_SWMM__CLOCKTIME:
    case CT_SWMM__DAY:
    case CT_SWMM__MONTH:
    case CT_SWMM__YEARDAY: break;
    }
    return time_value(n, v->quantity);
}

// ---- premises ----------------------------------------------------------------------------------

// Seconds in the unit that SWMM hands to curves; 0 = no time that a step can miss.
static double time_unit_s(ct_swmm__quantity quantity) {
    switch (quantity) {
    case CT_SWMM__TIME:
    case CT_SWMM__CLOCKTIME: return 86400;
    case CT_SWMM__LINK_OPEN_S:
    case CT_SWMM__LINK_CLOSED_S: return 3600;
    case CT_SWMM__NODE_DEPTH:
    case CT_SWMM__NODE_HEAD:
    case CT_SWMM__NODE_VOLUME:
    case CT_SWMM__NODE_INFLOW:
    case CT_SWMM__LINK_FLOW:
    case CT_SWMM__LINK_DEPTH:
    case CT_SWMM__LINK_VELOCITY:
    case CT_SWMM__LINK_SETTING:
    case CT_SWMM__DATE:
    case CT_SWMM__DAY:
    case CT_SWMM__MONTH:
    case CT_SWMM__YEARDAY: break;
    }
    return 0;
}

static bool compare(double left, ct_swmm__relation relation, double right) {
    switch (relation) {
    case CT_SWMM__EQUAL: return left == right;
    case CT_SWMM__OTHER: return left != right;
    case CT_SWMM__LESS: return left < right;
    case CT_SWMM__MORE: return left > right;
    case CT_SWMM__AT_MOST: return left <= right;
    case CT_SWMM__AT_LEAST: return left >= right;
    }
    return false;
}

static bool holds(const now *n, const ct_swmm__premise *q, double *left, double *right) {
    const double a = value_of(n, &q->left);
    const double b = q->against_variable ? value_of(n, &q->right) : q->value;
    if (isnan(a) || isnan(b)) return false;
    const double unit_s = time_unit_s(q->left.quantity), half_s = n->dt_s / 2;
    *left = unit_s > 0 ? a / unit_s : a;
    *right = unit_s > 0 ? b / unit_s : b;
    // a time is met by the step that it lies in
    const bool near = unit_s > 0 && a >= b - half_s && a < b + half_s;
    if (unit_s > 0 && q->relation == CT_SWMM__EQUAL) return near;
    if (unit_s > 0 && q->relation == CT_SWMM__OTHER) return !near;
    return compare(a, q->relation, b);
}

// From the first to the last. An AND after what is not met ends it, an OR after what is met is not
// looked at: OR binds more than AND, as in SWMM. The two sides of the last one that was looked at
// go to what is modulated.
static bool applies(const now *n, const ct_swmm__rule *rule, double *left, double *right) {
    bool met = true;
    for (size_t i = 0; i < rule->premise_count; i++) {
        const ct_swmm__premise *q = &n->rules->premises[rule->first_premise + i];
        if (!q->either && !met) break;
        if (!q->either || !met) met = holds(n, q, left, right);
    }
    return met;
}

// ---- actions -----------------------------------------------------------------------------------

// The recursive form: the last setting, changed by what the last three errors ask for.
static double by_pid(const now *n, ct_swmm__action *a, double value, double wanted) {
    const double minutes = fmax(n->dt_s, 1e-3) / 60, scale = wanted != 0 ? wanted : value;
    const double error = scale != 0 ? (wanted - value) / scale : 0;
    if (fabs(error - a->error[0]) < k_still) a->error[0] = a->error[1] = 0; // it is stuck
    double change =
        error - a->error[0] + (error - 2 * a->error[0] + a->error[1]) * a->d_min / minutes;
    if (a->i_min != 0) change += error * minutes / a->i_min;
    a->error[1] = a->error[0];
    a->error[0] = error;
    change *= a->p;
    if (fabs(change) < k_still) change = 0;
    return n->rules->settings[a->kind][a->index].before + change;
}

static double table_at(const ct_swmm__table *t, double at) {
    return t && t->count ? ct_curve_linear(t->x, t->y, t->count, at) : 0;
}

static double wanted_by(const now *n, ct_swmm__action *a, double left, double right) {
    switch (a->means) {
    case CT_SWMM__BY_VALUE: return a->value;
    case CT_SWMM__BY_CURVE: return table_at(a->table, left);
    case CT_SWMM__BY_SERIES: return table_at(a->table, n->time_s);
    case CT_SWMM__BY_PID: return by_pid(n, a, left, right);
    }
    return a->value;
}

static void act(const now *n, const ct_swmm__rule *rule) {
    double left = 0, right = 0;
    const bool met = applies(n, rule, &left, &right);
    for (size_t i = 0; i < rule->action_count; i++) {
        ct_swmm__action *a = &n->rules->actions[rule->first_action + i];
        ct_swmm__setting *s = &n->rules->settings[a->kind][a->index];
        if (a->otherwise == met) continue;
        const double wanted = wanted_by(n, a, left, right);    // a controller looks in any case
        if (s->set && s->priority >= rule->priority) continue; // the first of equal ones
        s->set = s->touched = true;
        s->priority = rule->priority;
        s->target = fmax(0, fmin(a->kind == CT_SWMM_PUMP ? 10 : 1, wanted));
    }
}

static double next_opening(const now *n, ct_swmm_link_kind kind, size_t i,
                           const ct_swmm__setting *s) {
    const double close_s = n->net->links[kind][i].close_s;
    if (kind != CT_SWMM_ORIFICE || close_s <= 0) return s->target;
    const double most = n->dt_s / close_s;
    return s->now + fmin(most, fmax(-most, s->target - s->now));
}

static ct_err put_setting(const now *n, ct_drains *drains, ct_swmm_link_kind kind, size_t i,
                          ct_swmm__setting *s) {
    const double value = next_opening(n, kind, i, s);
    if (!s->touched || (s->applied && value == s->now)) return CT_OK;
    s->applied = true;
    if ((value > 0) != (s->now > 0)) s->changed_s = n->time_s;
    s->now = value;
    const ct_drains_pump *pump = kind == CT_SWMM_PUMP ? &n->net->drains.pumps[i] : NULL;
    // a pump with depths that is set free goes by these
    const bool free = pump && pump->on_m > 0 && value == 1;
    return ct_drains_set(drains, ct_swmm_link_kind_name(kind), i, free ? (double)NAN : value);
}

void ct_swmm_control(ct_swmm_network *network, const ct_drains *drains, double dt_s) {
    const now n = {network, network->rules, drains, ct_drains_time_s(drains), dt_s};
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
        for (size_t i = 0; i < ct_swmm_link_count(network, (ct_swmm_link_kind)k); i++) {
            ct_swmm__setting *s = &n.rules->settings[k][i];
            s->set = false;
            s->before = s->target;
        }
    for (size_t i = 0; i < n.rules->rule_count; i++)
        if (!n.rules->rules[i].left_out) act(&n, &n.rules->rules[i]);
}

ct_err ct_swmm_move(ct_swmm_network *network, ct_drains *drains, double dt_s) {
    const now n = {network, network->rules, drains, ct_drains_time_s(drains), dt_s};
    if (n.rules->rule_count == 0) return CT_OK;
    for (int k = 0; k < CT_SWMM_LINK_KINDS; k++)
        for (size_t i = 0; i < ct_swmm_link_count(network, (ct_swmm_link_kind)k); i++)
            CT_TRY(put_setting(&n, drains, (ct_swmm_link_kind)k, i, &n.rules->settings[k][i]));
    return CT_OK;
}

static bool is_due(const ct_swmm_network *network, double from_s) {
    const double every_s = network->options.rule_step_s;
    return !(every_s > 0 && from_s > 0 && from_s - network->rules->looked_s < every_s * (1 - 1e-9));
}

ct_err ct_swmm_follow(ct_swmm_network *network, ct_drains *drains, double from_s, double until_s) {
    if (network->rules->rule_count == 0) return CT_OK;
    if (is_due(network, from_s)) {
        const double since_s = from_s > 0 ? from_s - network->rules->looked_s : until_s - from_s;
        network->rules->looked_s = from_s;
        ct_swmm_control(network, drains, since_s);
    }
    return ct_swmm_move(network, drains, until_s - from_s);
}
