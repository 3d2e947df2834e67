// ct_scene: makes a sample community from its parameters.
#include <gdal.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "bim_house.h"
#include "town.h"
#include "write.h"

typedef struct options {
    const char *params, *out;
    int factor;
    double cell_m;  // 0 = as the parameters say
    long long seed; // -1 = as the parameters say
} options;

static void usage(FILE *to) {
    fputs(
        "usage: ct_scene PARAMS.json --out DIR [--factor N] [--cell M] [--seed S]\n"
        "\n"
        "Makes a sample community: DIR/<name>.gpkg with one layer a collection (name: that of the\n"
        "parameter file), DIR/terrain.tif, the bare ground, and an IFC file for each building "
        "that\n"
        "the parameters name under \"models\". Equal parameters give equal bytes.\n"
        "\n"
        "  --out DIR     folder for the files; made if it is not there\n"
        "  --factor N    N communities side by side along the river, 1 to 100 (default 1)\n"
        "  --cell M      side of the terrain's cells in metres, instead of the parameters' "
        "ground.cell_m\n"
        "  --seed S      instead of the parameters' seed\n"
        "  --help\n"
        "\n"
        "Examples:\n"
        "  ct_scene scenes/riverside/riverside.json --out build/scene\n"
        "  ct_scene scenes/riverside/riverside.json --out build/scene10 --factor 10 --cell 2\n"
        "\n"
        "Fields of the parameters: data/schemas/scene.schema.json\n",
        to);
}

static bool number(double *out, const char *text, double min, double max) {
    char *end = NULL;
    *out = strtod(text, &end);
    return end != text && *end == 0 && *out >= min && *out <= max;
}

// 0 to go on, 1 done, 2 wrong use.
static int parse(options *o, int argc, char **argv) {
    static const struct option longs[] = {
        {"out", required_argument, NULL, 'o'},  {"factor", required_argument, NULL, 'f'},
        {"cell", required_argument, NULL, 'c'}, {"seed", required_argument, NULL, 's'},
        {"help", no_argument, NULL, 'h'},       {NULL, 0, NULL, 0}};
    double value = 0;
    int key;
    *o = (options){.factor = 1, .seed = -1};
    while ((key = getopt_long(argc, argv, "o:f:c:s:h", longs, NULL)) != -1) {
        bool ok = true;
        switch (key) {
        case 'o': o->out = optarg; break;
        case 'f':
            ok = number(&value, optarg, 1, SC_MAX_FACTOR) && value == (int)value;
            o->factor = (int)value;
            break;
        case 'c': ok = number(&o->cell_m, optarg, 0.25, 50); break;
        case 's':
            ok = number(&value, optarg, 0, 9007199254740992.0) && value == (double)(long long)value;
            o->seed = (long long)value;
            break;
        case 'h': usage(stdout); return 1;
        default: ok = false;
        }
        if (!ok) return 2;
    }
    if (optind + 1 != argc || !o->out) return 2;
    o->params = argv[optind];
    return 0;
}

static ct_err write_files(const sc_town *town, const ct_grid *ground, const options *o) {
    const char *file = ct_path_name(o->params), *dot = strrchr(file, '.');
    int stem = (int)(dot && dot != file ? dot - file : (long)strlen(file));
    char *name = ct_sprintf("%.*s.gpkg", stem, file);
    char *stem_name = ct_sprintf("%.*s", stem, file);
    char *package = name ? ct_path_join(o->out, name) : NULL,
         *raster = ct_path_join(o->out, "terrain.tif");
    ct_err err = package && raster && stem_name ? ct_dir_make(o->out) : CT_NOMEM;
    if (err == CT_OK) err = sc_write_features(town->world, package);
    if (err == CT_OK) err = sc_write_ground(town->world, ground, raster);
    if (err == CT_OK) err = sc_write_models(town, o->out, stem_name);
    ct_free(name);
    ct_free(stem_name);
    ct_free(package);
    ct_free(raster);
    return err;
}

static ct_err lay_out(sc_town *town, ct_grid *ground) {
    for (int k = 0; k < town->plan->n_blocks; k++) {
        const sc_block *block = &town->plan->blocks[k];
        if (sc_is_residential(block->programme->kind))
            sc_lay_housing(town, block);
        else
            sc_lay_public(town, block);
    }
    sc_lay_streets(town);
    sc_lay_shore(town);
    sc_lay_drains(town);
    sc_lay_people(town);
    sc_lay_safety(town);
    sc_lay_devices(town);
    CT_TRY(sc_world_status(town->world));
    sc_pad *pads = sc_town_pads(town);
    if (!pads) return CT_NOMEM;
    ct_err err = sc_ground_raster(ground, town->ground, pads, town->n_buildings);
    ct_free(pads);
    if (err != CT_OK) return err;
    sc_lay_sites(town);
    return sc_world_status(town->world);
}

static ct_err make_scene(sc_params *params, const options *o) {
    sc_world world = {0};
    sc_plan plan = {0};
    sc_ground ground = {0};
    ct_grid grid = {0};
    sc_town town = {.world = &world, .plan = &plan, .ground = &ground};
    params->factor = o->factor;
    if (o->cell_m > 0) params->ground.cell_m = o->cell_m;
    if (o->seed >= 0) params->seed = o->seed;
    ct_err err = sc_world_init(&world, params);
    if (err == CT_OK) err = sc_plan_init(&plan, &world);
    if (err == CT_OK) err = sc_ground_init(&ground, &plan, &world);
    if (err == CT_OK) err = lay_out(&town, &grid);
    if (err == CT_OK) err = write_files(&town, &grid, o);
    for (size_t i = 0; err == CT_OK && i < world.n_layers; i++)
        if (world.layers[i].count)
            printf("%-16s %7zu\n", world.layers[i].cls->collection, world.layers[i].count);
    ct_grid_free(&grid);
    sc_town_fini(&town);
    sc_ground_fini(&ground);
    sc_plan_fini(&plan);
    sc_world_fini(&world);
    return err;
}

int main(int argc, char **argv) {
    options o;
    sc_params params;
    int use = parse(&o, argc, argv);
    if (use == 2) usage(stderr);
    if (use) return use == 2 ? 2 : 0;
    GDALAllRegister();
    ct_err err = sc_params_read(&params, o.params);
    if (err == CT_OK) {
        err = make_scene(&params, &o);
        sc_params_fini(&params);
    }
    if (err != CT_OK)
        fprintf(stderr, "ct_scene: %s\n",
                ct_err_message()[0] ? ct_err_message() : ct_err_text(err));
    return ct_err_exit_code(err);
}
