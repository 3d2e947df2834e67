// What the page fetches when a building is opened for the first time: a file of its own (build.mjs).
export { loadBuilding, loadStorey } from './tileset';
export { StoreyLayer } from './layer';
