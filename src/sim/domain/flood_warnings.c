// Warnings: what of the model and of the edits the flood engine does not see, or sees otherwise
// than their makers may expect.
#include <string.h>

#include "sim/domain/drains_domain.h"
#include "sim/domain/flood_layers.h"
#include "sim/domain/note.h"
#include "sim/domain/storage_domain.h"

const ct_flood_rule_text ct_flood_rule_texts[CT_FLOOD_RULES] = {
    [CT_FLOOD_RULE_OUTSIDE] = {"outside_ground",
                               "lie wholly outside the ground and are not in the simulation",
                               "完全位于地形范围之外，未参与计算"},
    [CT_FLOOD_RULE_BUILDING_CUT] = {"building_cut_off",
                                    "buildings reach beyond the ground and are cut off at its edge",
                                    "建筑超出地形范围，超出部分被截去"},
    [CT_FLOOD_RULE_BUILDING_SMALL] = {"building_too_small",
                                      "buildings are too small for the cells: water passes them",
                                      "建筑小于网格单元，不阻挡水流"},
    [CT_FLOOD_RULE_BARRIER_HEIGHT] = {"barrier_without_height",
                                      "barriers have neither height_m nor crest_m: water passes",
                                      "屏障缺少高度或顶高程，不阻挡水流"},
    [CT_FLOOD_RULE_BARRIER_SHORT] = {"barrier_too_short",
                                     "barriers are too short for the cells: water passes them",
                                     "屏障短于网格单元，不阻挡水流"},
    [CT_FLOOD_RULE_WATER_LEVEL] = {"water_without_level",
                                   "water bodies have no level_m: they start dry",
                                   "水体缺少常水位，初始为无水"},
    [CT_FLOOD_RULE_WATER_DRY] = {"water_below_ground",
                                 "water bodies have a level below their ground: they start dry",
                                 "水体水位低于地面，初始为无水"},
    [CT_FLOOD_RULE_STAGE_UNUSED] = {"river_stage_unused",
                                    "the river stage has no effect: no river lies on the ground",
                                    "范围内没有河流，河道水位设置不起作用"},
    [CT_FLOOD_RULE_NO_GROUND] = {"cells_without_ground",
                                 "cells have no ground: water does not pass them",
                                 "网格单元缺少地形，水流无法通过"},
    [CT_FLOOD_RULE_EDIT_NO_EFFECT] = {"edit_without_effect",
                                      "edits concern classes that the simulation does not see",
                                      "编辑的要素类别不参与计算"},
};

ct_err ct_domain__note(ct_flood_warning *warning, ct_arena *arena, const char *id) {
    if (id && warning->n_ids < CT_FLOOD_WARNING_IDS) {
        const char *kept = ct_arena_strdup(arena, id);
        if (!kept) return CT_NOMEM;
        warning->ids[warning->n_ids++] = kept;
    }
    warning->count++;
    return CT_OK;
}

bool ct_domain__any(const ct_flood_warning *warnings, int n) {
    for (int rule = 0; rule < n; rule++)
        if (warnings[rule].count) return true;
    return false;
}

ct_err ct_domain__warn(ct_flood_domain *domain, ct_flood_rule rule, const char *id) {
    return ct_domain__note(&domain->warnings[rule], domain->arena, id);
}

ct_err ct_domain__outside(bool *out, ct_flood_domain *domain, const ct_feature *feature) {
    const ct_bbox ground = ct_grid_bbox(&domain->shape);
    ct_bbox box;
    *out = !ct_geom_bbox(&box, &feature->geom) || !ct_bbox_intersects(&box, &ground);
    return *out ? ct_domain__warn(domain, CT_FLOOD_RULE_OUTSIDE, feature->id) : CT_OK;
}

static bool is_among(const ct_class *cls, const char *const *names) {
    for (; *names; names++)
        if (strcmp(*names, cls->name) == 0) return true;
    return false;
}

static bool is_seen(const ct_layers *layers, const ct_class *cls) {
    return is_among(cls, ct_flood_domain_classes) ||
           (layers->options->drains && is_among(cls, ct_drains_domain_classes)) ||
           (layers->options->inside && is_among(cls, ct_storage_domain_classes));
}

static ct_err survey_edits(const ct_layers *layers) {
    ct_arena *arena = ct_arena_new(1 << 14, 0);
    if (!arena) return CT_NOMEM;
    ct_err err = CT_OK;
    for (size_t i = 0; err == CT_OK && i < ct_changeset_count(layers->edits); i++) {
        const ct_edit *edit = ct_changeset_at(layers->edits, i);
        const ct_class *cls = edit->op == CT_EDIT_ADD ? edit->feature.cls : NULL;
        if (!cls) {
            ct_feature stored;
            ct_arena_reset(arena);
            err = ct_reader_get(&stored, arena, layers->reader, NULL, edit->id);
            if (err != CT_OK) break;
            cls = stored.cls;
        }
        if (!is_seen(layers, cls))
            err = ct_domain__warn(layers->domain, CT_FLOOD_RULE_EDIT_NO_EFFECT, edit->id);
    }
    ct_arena_free(arena);
    return err;
}

ct_err ct_domain__survey(const ct_layers *layers) {
    ct_flood_domain *d = layers->domain;
    const size_t n = (size_t)d->shape.nx * d->shape.ny;
    for (size_t i = 0; i < n; i++)
        if (d->blocked[i] && d->building[i] < 0) d->warnings[CT_FLOOD_RULE_NO_GROUND].count++;
    return layers->edits ? survey_edits(layers) : CT_OK;
}
