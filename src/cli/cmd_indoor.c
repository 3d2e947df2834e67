// cimtwin indoor: the inside of buildings as engines see it, and what is doubtful about it.
#include <string.h>

#include "base/mem.h"
#include "cli/command.h"
#include "model/indoor/json.h"
#include "sim/domain/indoor_load.h"

typedef struct printing {
    const ct_twin *twin;
    ct_reader *reader;
    ct_indoor_defaults *defaults;
    bool json;
    ct_buf *out;
    ct_jsonw w;
    unsigned findings;
} printing;

static unsigned exits_of(const ct_indoor *in) {
    unsigned n = 0;
    for (uint32_t i = 0; i < in->n_openings; i++) n += in->openings[i].exit;
    return n;
}

static unsigned doors_of(const ct_indoor *in) {
    unsigned n = 0;
    for (uint32_t i = 0; i < in->n_openings; i++) n += in->openings[i].kind == CT_INDOOR_DOOR;
    return n;
}

static void print_text(const printing *p, const ct_indoor *in, const char *name) {
    ct_buf_printf(p->out, "%s  %s\n", in->building, name);
    ct_buf_printf(p->out,
                  "  storeys %u, spaces %u, doors %u, openings in all %u, stairs and lifts %u, "
                  "exits %u, compartments %u, vents %u\n",
                  in->n_storeys, in->n_spaces, doors_of(in), in->n_openings, in->n_stairs,
                  exits_of(in), in->n_compartments, in->n_vents);
    for (uint32_t i = 0; i < in->n_findings; i++) {
        const ct_indoor_finding *f = &in->findings[i];
        ct_buf_printf(p->out, "  %s: %s%s%s: %s\n", ct_indoor_rule_name(f->rule), f->id,
                      f->other ? ", " : "", f->other ? f->other : "", f->text);
    }
}

static ct_err print_building(printing *p, const char *id, const char *name) {
    ct_indoor *in;
    CT_TRY(ct_indoor_load(&in, p->reader, NULL, p->twin->catalogue, id, p->defaults));
    p->findings += in->n_findings;
    if (p->json) {
        ct_jsonw_object(&p->w);
        ct_indoor_write(&p->w, in);
        ct_jsonw_end_object(&p->w);
    } else {
        print_text(p, in, name);
    }
    ct_indoor_free(in);
    return ct_buf_status(p->out);
}

static ct_err print_all(printing *p, const char *only, ct_arena *arena) {
    ct_indoor_building *at;
    size_t n;
    if (only) return print_building(p, only, "");
    CT_TRY(ct_indoor_buildings(&at, &n, arena, p->reader, p->twin->catalogue));
    for (size_t i = 0; i < n; i++) CT_TRY(print_building(p, at[i].id, at[i].name));
    if (!n && !p->json) ct_buf_puts(p->out, "no building has storeys\n");
    return CT_OK;
}

static ct_err print(printing *p, const char *only) {
    ct_arena *arena = ct_arena_new(64 << 10, 0);
    if (!arena) return CT_NOMEM;
    ct_jsonw_init(&p->w, p->out);
    if (p->json) {
        ct_jsonw_object(&p->w);
        ct_jsonw_kv_int(&p->w, "version", ct_reader_version(p->reader));
        ct_jsonw_kv_string(&p->w, "crs", ct_store_crs(p->twin->store)->code);
        ct_jsonw_key(&p->w, "buildings");
        ct_jsonw_array(&p->w);
    }
    ct_err err = print_all(p, only, arena);
    ct_arena_free(arena);
    CT_TRY(err);
    if (p->json) {
        ct_jsonw_end_array(&p->w);
        ct_jsonw_end_object(&p->w);
        ct_buf_putc(p->out, '\n');
    } else {
        ct_buf_printf(p->out, "%u findings\n", p->findings);
    }
    return ct_print(p->out);
}

static ct_err run(const ct_args *args) {
    ct_twin twin;
    ct_buf out;
    CT_TRY(ct_twin_open(&twin, ct_args_at(args, 0)));
    printing p = {.twin = &twin, .json = ct_args_has(args, "json"), .out = &out};
    ct_buf_init(&out, (size_t)1 << 30);
    ct_err err = ct_indoor_defaults_load(&p.defaults, NULL);
    if (err == CT_OK) err = ct_store_reader(&p.reader, twin.store);
    if (err == CT_OK) err = print(&p, ct_args_value(args, "building", NULL));
    if (p.reader) ct_reader_release(p.reader);
    ct_indoor_defaults_free(p.defaults);
    ct_buf_fini(&out);
    ct_twin_close(&twin);
    return err;
}

static const ct_option k_options[] = {
    {"building", "ID", "this building alone"},
    {"json", NULL, "print the whole model: storeys, spaces, openings, stairs, vents, findings"},
    {NULL, NULL, NULL},
};
const ct_command ct_cmd_indoor = {
    "indoor",
    "derive the inside of buildings (rooms, doors, stairs, exits, compartments, vents) and check "
    "it",
    "TWIN",
    1,
    1,
    k_options,
    "  cimtwin indoor riverside.ct\n"
    "  cimtwin indoor riverside.ct --building bldg-12 --json\n",
    run,
    "Rules of the findings: room-no-way-out, building-no-exit, rooms-overlap, door-nowhere,\n"
    "volume-differs, area-differs, stair-end, steps-differ, room-no-shape.\n",
};
