// The table of an engine's functions, made from a public interface that all engines write alike:
// `name`_open, _close, _set, _time_s, _dt_max_s, _step, _save_bytes, _save, _load and _hash on a
// state of type `name`. What each engine must say itself is its fields.
#ifndef CT_SIM_CORE_ENGINE_TABLE_H
#define CT_SIM_CORE_ENGINE_TABLE_H

#include "sim/core/engine.h"

// Defines the functions that pass calls on, for one engine in a file.
#define CT_SIM_ENGINE_FUNCTIONS(name)                                                              \
    static ct_err engine_open(void **state, const void *params) {                                  \
        name *made;                                                                                \
        CT_TRY(name##_open(&made, params));                                                        \
        *state = made;                                                                             \
        return CT_OK;                                                                              \
    }                                                                                              \
    static void engine_close(void *state) {                                                        \
        name##_close(state);                                                                       \
    }                                                                                              \
    static ct_err engine_set(void *state, const char *control, size_t index, double value) {       \
        return name##_set(state, control, index, value);                                           \
    }                                                                                              \
    static double engine_time_s(const void *state) {                                               \
        return name##_time_s(state);                                                               \
    }                                                                                              \
    static double engine_dt_max_s(const void *state) {                                             \
        return name##_dt_max_s(state);                                                             \
    }                                                                                              \
    static ct_err engine_step(void *state, double dt_s) {                                          \
        return name##_step(state, dt_s);                                                           \
    }                                                                                              \
    static size_t engine_save_bytes(const void *state) {                                           \
        return name##_save_bytes(state);                                                           \
    }                                                                                              \
    static ct_err engine_save(const void *state, void *out, size_t bytes) {                        \
        return name##_save(state, out, bytes);                                                     \
    }                                                                                              \
    static ct_err engine_load(void *state, const void *data, size_t bytes) {                       \
        return name##_load(state, data, bytes);                                                    \
    }                                                                                              \
    static ct_hash128 engine_hash(const void *state) {                                             \
        uint64_t words[2];                                                                         \
        name##_hash(state, words);                                                                 \
        return (ct_hash128){words[0], words[1]};                                                   \
    }

// The table; `fields_of` is the engine's own function.
#define CT_SIM_ENGINE_TABLE(engine_name, engine_version, fields_of)                                \
    {                                                                                              \
        .name = (engine_name), .version = (engine_version), .open = engine_open,                   \
        .close = engine_close, .fields = (fields_of), .set = engine_set, .time_s = engine_time_s,  \
        .dt_max_s = engine_dt_max_s, .step = engine_step, .save_bytes = engine_save_bytes,         \
        .save = engine_save, .load = engine_load, .hash = engine_hash,                             \
    }

#endif
