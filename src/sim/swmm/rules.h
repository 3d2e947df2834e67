// Control rules of a project file: made by controls.c, carried out by control_run.c.
#ifndef CT_SIM_SWMM_RULES_H
#define CT_SIM_SWMM_RULES_H

#include "sim/swmm/reader.h"

typedef enum ct_swmm__quantity {
    CT_SWMM__NODE_DEPTH,
    CT_SWMM__NODE_HEAD,
    CT_SWMM__NODE_VOLUME,
    CT_SWMM__NODE_INFLOW,
    CT_SWMM__LINK_FLOW,
    CT_SWMM__LINK_DEPTH,
    CT_SWMM__LINK_VELOCITY,
    CT_SWMM__LINK_SETTING, // status too: 0 or not
    CT_SWMM__LINK_OPEN_S,  // how long
    CT_SWMM__LINK_CLOSED_S,
    CT_SWMM__TIME,      // s since the start
    CT_SWMM__DATE,      // s of its day since the start's day began
    CT_SWMM__CLOCKTIME, // s of the day
    CT_SWMM__DAY,       // of the week, 1 = Sunday
    CT_SWMM__MONTH,     // 1..12
    CT_SWMM__YEARDAY    // 1..366
} ct_swmm__quantity;

typedef struct ct_swmm__variable {
    ct_swmm__quantity quantity;
    ct_swmm_link_kind kind;
    uint32_t index;
    double factor; // from SI to the file's units
} ct_swmm__variable;

typedef enum ct_swmm__relation {
    CT_SWMM__EQUAL,
    CT_SWMM__OTHER,
    CT_SWMM__LESS,
    CT_SWMM__MORE,
    CT_SWMM__AT_MOST,
    CT_SWMM__AT_LEAST
} ct_swmm__relation;

typedef struct ct_swmm__premise {
    bool either; // OR, else AND
    bool against_variable;
    ct_swmm__variable left, right;
    ct_swmm__relation relation;
    double value;
} ct_swmm__premise;

typedef enum ct_swmm__means {
    CT_SWMM__BY_VALUE,
    CT_SWMM__BY_CURVE,
    CT_SWMM__BY_SERIES,
    CT_SWMM__BY_PID
} ct_swmm__means;

typedef struct ct_swmm__action {
    bool otherwise; // of the ELSE part
    ct_swmm_link_kind kind;
    uint32_t index;
    ct_swmm__means means;
    double value;
    const ct_swmm__table *table;
    double p, i_min, d_min; // PID: gain, times in minutes
    double error[2];        // of the last two times
} ct_swmm__action;

typedef struct ct_swmm__rule {
    const char *name;
    double priority;
    bool left_out; // it has something that is not carried out
    size_t first_premise, premise_count, first_action, action_count;
} ct_swmm__rule;

typedef struct ct_swmm__setting {
    double target, now;
    double before;    // the target before this time
    double changed_s; // when it last opened or closed
    double priority;  // of what set it this time
    bool set;         // this time
    bool touched;     // ever, by a rule
    bool applied;     // ever, to the engine
} ct_swmm__setting;

struct ct_swmm_rules {
    size_t rule_count, premise_count, action_count;
    ct_swmm__rule *rules;
    ct_swmm__premise *premises;
    ct_swmm__action *actions;
    ct_swmm__setting *settings[CT_SWMM_LINK_KINDS];
    double looked_s; // when they were last looked at, by ct_swmm_follow
};

ct_err ct_swmm__read_controls(ct_swmm__reader *r); // controls.c

#endif
