// What a file that GDAL opens tells of itself: its format, and the metadata of file and layer.
#include <cpl_string.h>
#include <string.h>

#include "ingest/gdal/gdal.h"

// By the names that GDAL gives them; the TIFF tags are those of the TIFF specification 6.0, 8.
static const struct {
    const char *key;
    ct_source_term term;
} k_keys[] = {
    {"TIFFTAG_DOCUMENTNAME", CT_SOURCE_TITLE},
    {"TIFFTAG_IMAGEDESCRIPTION", CT_SOURCE_DESCRIPTION},
    {"TIFFTAG_DATETIME", CT_SOURCE_DATE},
    {"TIFFTAG_ARTIST", CT_SOURCE_CREATOR},
    {"TIFFTAG_COPYRIGHT", CT_SOURCE_RIGHTS},
    {"TIFFTAG_SOFTWARE", CT_SOURCE_SOFTWARE},
    {"TITLE", CT_SOURCE_TITLE},
    {"IDENTIFIER", CT_SOURCE_TITLE}, // of a GeoPackage: for people to read
    {"DESCRIPTION", CT_SOURCE_DESCRIPTION},
    {"DATE", CT_SOURCE_DATE},
    {"CREATOR", CT_SOURCE_CREATOR},
    {"AUTHOR", CT_SOURCE_CREATOR},
    {"PUBLISHER", CT_SOURCE_PUBLISHER},
    {"COPYRIGHT", CT_SOURCE_RIGHTS},
    {"LICENSE", CT_SOURCE_RIGHTS},
    {"RIGHTS", CT_SOURCE_RIGHTS},
};

// `known`: a name that says nothing new, or NULL.
static ct_err tell_of(ct_ingest__job *job, GDALMajorObjectH object, const char *known) {
    for (size_t i = 0; i < sizeof k_keys / sizeof *k_keys; i++) {
        const char *text = GDALGetMetadataItem(object, k_keys[i].key, NULL);
        if (text && known && strcmp(text, known) == 0) continue;
        CT_TRY(ct_source_tell(job->source, k_keys[i].term, text));
    }
    return CT_OK;
}

ct_err ct_ingest__gdal_source(ct_ingest__job *job, GDALDatasetH dataset) {
    const GDALDriverH driver = GDALGetDatasetDriver(dataset);
    if (driver && !job->source->format)
        CT_TRY(ct_source_set(&job->source->format, GDALGetDriverLongName(driver)));
    CT_TRY(tell_of(job, dataset, NULL));
    // Those of several layers are each of a part.
    if (GDALDatasetGetLayerCount(dataset) != 1) return CT_OK;
    const OGRLayerH layer = GDALDatasetGetLayer(dataset, 0);
    return tell_of(job, layer, OGR_L_GetName(layer));
}
