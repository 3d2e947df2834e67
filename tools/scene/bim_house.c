// One house from the ground up: site, building, storeys, and what is on each.
#include "bim_house.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "bim_write.h"

static void put_site(bim_work *w) {
    const sc_town *t = w->h->town;
    const sc_building *house = w->h->building;
    const sc_params *p = t->world->params;
    const sc_block *block = &t->plan->blocks[house->block];
    bim *b = &w->b;
    w->site_place = bim_put_at(b, 0, b->origin);
    w->site = ct_stepw_put(b->w, "IFCSITE", "srss$r$se$$$$$", bim_guid(b, "site"), b->owner,
                           block->programme->name.en, p->name.en, w->site_place,
                           block->programme->name.zh, "ELEMENT");
    bim_link_to(b, BIM_AGGREGATES, b->project, w->site);
    const sc_layer *sites = sc_world_layer(t->world, "site");
    if ((size_t)block->community < sites->count)
        bim_feature_id(b, w->site, sites->items[block->community].id);
}

static void put_building(bim_work *w) {
    const bim_house *h = w->h;
    const sc_building *house = h->building;
    const ct_feature *f = &sc_world_layer(h->town->world, "building")->items[house->feature];
    const sc_params *p = h->town->world->params;
    bim *b = &w->b;
    char resistance[16];
    const ct_step_id address = ct_stepw_put(b->w, "IFCPOSTALADDRESS", "$$$$(s)$s$$s",
                                            ct_feature_text(f, "address", ""), p->city.en, "China");
    w->building_place = bim_put_at(b, w->site_place, b->origin);
    w->building = ct_stepw_put(
        b->w, "IFCBUILDING", "srss$r$seffr", bim_guid(b, "building"), b->owner,
        ct_feature_text(f, "name", house->id), ct_feature_text(f, "name_zh", NULL),
        w->building_place, h->project.en, "ELEMENT", house->ground_floor_m, house->base_m, address);
    bim_link_to(b, BIM_AGGREGATES, w->site, w->building);
    bim_feature_id(b, w->building, house->id);
    (void)snprintf(resistance, sizeof resistance, "%d", h->fire_class);
    const bim_value v[] = {{"Reference", "IFCIDENTIFIER", house->id, 0},
                           {"NumberOfStoreys", "IFCINTEGER", NULL, house->storeys},
                           {"OccupancyType", "IFCLABEL", house->use, 0},
                           {"SprinklerProtection", "IFCBOOLEAN", NULL, 1},
                           {"IsLandmarked", "IFCLOGICAL", NULL, 0},
                           {"FireProtectionClass", "IFCLABEL", resistance, 0}};
    const bim_value q[] = {{"Height", "IFCQUANTITYLENGTH", NULL, house->height_m},
                           {"FootprintArea", "IFCQUANTITYAREA", NULL, house->footprint_m2},
                           {"GrossFloorArea", "IFCQUANTITYAREA", NULL,
                            house->footprint_m2 * (house->storeys + house->below)}};
    bim_link_to(b, BIM_SET, bim_set(b, "Pset_BuildingCommon", v, 4), w->building);
    bim_link_to(b, BIM_SET, bim_quantities(b, "Qto_BuildingBaseQuantities", q, BIM_COUNT(q)),
                w->building);
}

static void plan_storeys(bim_work *w) {
    const bim_house *h = w->h;
    double z = -h->building->below * h->below_m;
    for (int i = 0; i < w->n_storeys; i++) {
        bim_story *s = &w->storeys[i];
        s->level = i - h->building->below;
        s->kind = s->level < 0                       ? BIM_BELOW
                  : s->level == h->building->storeys ? BIM_ROOF
                  : s->level == 0                    ? BIM_GROUND
                                                     : BIM_TYPICAL;
        s->z = z;
        s->height_m = s->kind == BIM_BELOW ? h->below_m : h->storey_m;
        z += s->height_m;
    }
}

static void put_storey(bim_work *w, bim_story *s) {
    bim *b = &w->b;
    char en[32], zh[32], id[CT_ID_MAX];
    const bool roof = s->kind == BIM_ROOF;
    if (s->level < 0) {
        (void)snprintf(en, sizeof en, "Basement %d", -s->level);
        (void)snprintf(zh, sizeof zh, "地下%d层", -s->level);
    } else {
        (void)snprintf(en, sizeof en, roof ? "Roof" : "Storey %d", s->level + 1);
        (void)snprintf(zh, sizeof zh, roof ? "屋面" : "%d层", s->level + 1);
    }
    s->z = round(s->z * 1000) / 1000;
    s->place = bim_put_at(b, w->building_place, bim_frame(b, 0, 0, s->z, 0));
    s->id =
        ct_stepw_put(b->w, "IFCBUILDINGSTOREY", "srss$r$sef", bim_guid(b, "%d/storey", s->level),
                     b->owner, en, zh, s->place, zh, "ELEMENT", s->z);
    bim_link_to(b, BIM_AGGREGATES, w->building, s->id);
    (void)snprintf(id, sizeof id, "%s-s%s%02d", w->h->building->id, s->level < 0 ? "b" : "",
                   s->level < 0 ? -s->level : s->level);
    if (!roof) bim_feature_id(b, s->id, id);
    const bim_value v[] = {{"EntranceLevel", "IFCBOOLEAN", NULL, s->level == 0},
                           {"AboveGround", "IFCLOGICAL", NULL, s->level >= 0}};
    bim_link_to(b, BIM_SET, bim_set(b, "Pset_BuildingStoreyCommon", v, 1), s->id);
    const bim_value q[] = {{"GrossHeight", "IFCQUANTITYLENGTH", NULL, s->height_m}};
    bim_link_to(b, BIM_SET, bim_quantities(b, "Qto_BuildingStoreyBaseQuantities", q, 1), s->id);
}

// The roofs over what stands on the roof.
static void put_top(bim_work *w, const bim_story *s) {
    const fp_plan *p = bim_plan_of(w, s);
    bim *b = &w->b;
    int number = 0;
    for (int i = 0; i < p->n_rooms; i++) {
        const fp_rect *r = &p->rooms[i].rects[0];
        if (p->rooms[i].kind == FP_TERRACE) continue;
        const ct_step_id solid =
            bim_style(b, bim_box(b, r->x0, r->y0, r->x1, r->y1, bim_clear_m(w, s), s->height_m),
                      BIM_CONCRETE);
        const ct_step_id id =
            ct_stepw_put(b->w, "IFCSLAB", "srs$$rr$e", bim_guid(b, "%d/top/%d", s->level, number++),
                         b->owner, "Roof slab", bim_put_at(b, s->place, b->origin),
                         bim_shape(b, bim_body(b, &solid, 1), 0), "ROOF");
        bim_link_to(b, BIM_CONTAINED, s->id, id);
        bim_link_to(b, BIM_SET, w->slab_set, id);
    }
}

static void fill_storeys(bim_work *w) {
    for (int i = 0; i < w->n_storeys; i++) put_storey(w, &w->storeys[i]);
    for (int i = 0; i < w->n_storeys; i++) {
        bim_story *s = &w->storeys[i];
        bim_put_slab(w, s);
        bim_put_walls(w, s);
        bim_put_rooms(w, s);
        bim_put_openings(w, s);
        bim_put_stairs(w, s);
        bim_put_furniture(w, s);
        bim_put_protection(w, s);
        if (s->kind == BIM_ROOF) put_top(w, s);
        if (s->level == 0) bim_put_lifts(w, s);
    }
    for (int i = 0; i < w->n_storeys; i++) bim_put_boundaries(w, &w->storeys[i]);
    bim_put_devices(w);
}

static ct_err make_room(bim_work *w) {
    w->n_storeys = w->h->building->below + w->h->building->storeys + 1;
    w->storeys = ct_calloc((size_t)w->n_storeys, sizeof *w->storeys);
    if (!w->storeys) return CT_NOMEM;
    for (int k = 0; k < BIM_LEVELS; k++) {
        w->sketches[k] = ct_calloc(1, sizeof **w->sketches);
        if (!w->sketches[k]) return CT_NOMEM;
    }
    return CT_OK;
}

ct_err bim_house_write(const bim_house *h, const char *path) {
    const sc_building *house = h->building;
    const sc_params *p = h->town->world->params;
    const bim_place place = {p->epsg,
                             p->east_m + house->centre.x,
                             p->north_m + house->centre.y,
                             house->ground_floor_m,
                             house->out_y,
                             -house->out_x};
    bim_work *w = ct_calloc(1, sizeof *w);
    if (!w) return CT_NOMEM;
    w->h = h;
    ct_err err = make_room(w);
    if (err == CT_OK) err = bim_open(&w->b, path, house->id, &h->project, &place);
    if (err == CT_OK) {
        put_site(w);
        put_building(w);
        plan_storeys(w);
        fill_storeys(w);
        err = bim_close(&w->b, true);
    }
    for (int k = 0; k < BIM_LEVELS; k++) ct_free(w->sketches[k]);
    ct_free(w->storeys);
    ct_free(w);
    return err;
}

// ---- the models of a community ------------------------------------------------------------------

static const sc_building *find_building(const sc_town *t, const sc_model *m) {
    for (size_t i = 0; i < t->n_buildings; i++) {
        const sc_building *b = &t->buildings[i];
        const sc_block *block = &t->plan->blocks[b->block];
        if (block->column == m->column && block->row == m->row && b->number == m->number) return b;
    }
    return NULL;
}

static ct_err write_model(const sc_town *town, const sc_model *m, const char *path) {
    bim_house h = {.town = town, .building = find_building(town, m)};
    if (!h.building)
        return ct_fail(CT_RANGE, "models: there is no building %d in block %d,%d", m->number,
                       m->column, m->row);
    const sc_block *block = &town->plan->blocks[h.building->block];
    if (block->programme->kind != m->kind)
        return ct_fail(CT_RANGE, "models: block %d,%d is a %s", m->column, m->row,
                       sc_block_kind_name(block->programme->kind));
    h.project = block->programme->name;
    h.storey_m = h.building->storey_m;
    ct_err err = m->kind == SC_TOWER ? bim_tower_plans(&h) : bim_nursery_plans(&h);
    char *beside = ct_sprintf("%s.part", path);
    if (err == CT_OK) err = beside ? bim_house_write(&h, beside) : CT_NOMEM;
    if (err == CT_OK) err = ct_file_rename(beside, path);
    if (err != CT_OK && beside) (void)remove(beside);
    ct_free(beside);
    for (int k = 0; k < BIM_LEVELS; k++) ct_free(h.plans[k]);
    return err;
}

ct_err sc_write_models(const sc_town *town, const char *dir, const char *name) {
    const sc_params *p = town->world->params;
    for (int i = 0; i < p->n_models; i++) {
        char *file = ct_sprintf("%s-%s.ifc", name, sc_block_kind_name(p->models[i].kind));
        char *path = file ? ct_path_join(dir, file) : NULL;
        const ct_err err = path ? write_model(town, &p->models[i], path) : CT_NOMEM;
        ct_free(file);
        ct_free(path);
        CT_TRY(err);
    }
    return CT_OK;
}
