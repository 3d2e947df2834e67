// One storey on the map, cut open from above: drawn into the map's own picture and depth; what lies under the pointer is
// found by drawing the features' numbers instead of their colours.
import type { CustomLayerInterface, CustomRenderMethodInput, Map as GlMap } from 'maplibre-gl';
import type { Content, Primitive, Row } from './glb';

const EARTH_M = 40075016.68557849;
const LIGHT = [0.35, -0.45, 0.82];

const VERTEX = `#version 300 es
uniform mat4 u_matrix; uniform float u_scale; uniform vec3 u_shift; uniform float u_first;
in vec3 a_position; in vec3 a_normal; in float a_id;
out float v_up; out vec3 v_normal; flat out float v_id;
void main() {
  vec3 g = a_position * u_scale + u_shift; // y is up in glTF
  vec3 p = vec3(g.x, -g.z, g.y);
  v_up = p.z; v_normal = vec3(a_normal.x, -a_normal.z, a_normal.y); v_id = u_first + a_id;
  gl_Position = u_matrix * vec4(p, 1.0);
}`;
const FRAGMENT = `#version 300 es
precision highp float;
uniform vec4 u_colour; uniform float u_top; uniform vec3 u_light; uniform bool u_numbers; uniform float u_chosen;
in float v_up; in vec3 v_normal; flat in float v_id;
out vec4 colour;
void main() {
  if (v_up > u_top) discard;
  if (u_numbers) {
    float n = v_id + 1.0;
    colour = vec4(mod(n, 256.0), mod(floor(n / 256.0), 256.0), floor(n / 65536.0), 255.0) / 255.0;
    return;
  }
  vec3 n = normalize(gl_FrontFacing ? v_normal : -v_normal);
  vec3 base = v_id == u_chosen ? vec3(1.0, 0.72, 0.3) : pow(u_colour.rgb, vec3(1.0 / 2.2));
  colour = vec4(base * (0.62 + 0.38 * max(0.0, dot(n, u_light))), 1.0);
}`;

interface Drawn { vao: WebGLVertexArrayObject; buffers: WebGLBuffer[]; primitive: Primitive; content: Content; first: number }

export class StoreyLayer implements CustomLayerInterface {
  readonly id = 'storey';
  readonly type = 'custom' as const;
  readonly renderingMode = '3d' as const;
  private gl: WebGL2RenderingContext | null = null;
  private program: WebGLProgram | null = null;
  private drawn: Drawn[] = [];
  private rows: Row[] = [];
  private topM = Infinity;
  private shiftM = 0;
  private chosen = -1;
  private asked: { x: number; y: number; answer: (row: Row | null) => void } | null = null;

  constructor(private readonly map: GlMap, private readonly lngLat: [number, number]) {}

  // `top`: the height above the frame's origin from which on nothing is drawn; `shift`: how far all is moved up.
  show(contents: Content[], topM: number, shiftM: number): void {
    this.clear();
    this.topM = topM;
    this.shiftM = shiftM;
    for (const content of contents)
      for (const primitive of content.primitives) this.drawn.push(this.upload(content, primitive));
    this.map.triggerRepaint();
  }

  choose(id: string | null): void {
    this.chosen = this.rows.findIndex((row) => row.id === id);
    this.map.triggerRepaint();
  }

  pick(x: number, y: number): Promise<Row | null> {
    return new Promise((answer) => {
      this.asked?.answer(null);
      this.asked = { x, y, answer };
      this.map.triggerRepaint();
    });
  }

  onAdd(_: GlMap, gl: WebGL2RenderingContext): void {
    const shader = (type: number, source: string) => {
      const made = gl.createShader(type)!;
      gl.shaderSource(made, source);
      gl.compileShader(made);
      return made;
    };
    this.gl = gl;
    this.program = gl.createProgram()!;
    gl.attachShader(this.program, shader(gl.VERTEX_SHADER, VERTEX));
    gl.attachShader(this.program, shader(gl.FRAGMENT_SHADER, FRAGMENT));
    ['a_position', 'a_normal', 'a_id'].forEach((name, place) => gl.bindAttribLocation(this.program!, place, name));
    gl.linkProgram(this.program);
  }

  onRemove(): void {
    this.clear();
    this.gl?.deleteProgram(this.program);
    this.asked?.answer(null);
    this.asked = null;
  }

  render(gl: WebGL2RenderingContext, { defaultProjectionData: { mainMatrix } }: CustomRenderMethodInput): void {
    const matrix = this.matrix(mainMatrix as ArrayLike<number>);
    gl.enable(gl.DEPTH_TEST);
    gl.depthMask(true);
    gl.depthFunc(gl.LEQUAL);
    gl.disable(gl.BLEND);
    gl.disable(gl.CULL_FACE);
    this.draw(gl, matrix, false);
    if (!this.asked) return;
    const { x, y, answer } = this.asked;
    this.asked = null;
    answer(this.numberAt(gl, matrix, x, y));
  }

  // From metres east, north and up of the frame to the map's clip space, summed in doubles.
  private matrix(m: ArrayLike<number>): Float32Array {
    const [lng, lat] = this.lngLat;
    const x = (lng + 180) / 360;
    const y = (180 - (180 / Math.PI) * Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))) / 360;
    const metre = 1 / (EARTH_M * Math.cos((lat * Math.PI) / 180));
    const scale = [metre, -metre, metre];
    const out = new Float32Array(16);
    for (let r = 0; r < 4; r++) {
      for (let c = 0; c < 3; c++) out[4 * c + r] = m[4 * c + r] * scale[c];
      out[12 + r] = m[r] * x + m[4 + r] * y + m[8 + r] * this.shiftM * metre + m[12 + r];
    }
    return out;
  }

  private draw(gl: WebGL2RenderingContext, matrix: Float32Array, asNumbers: boolean): void {
    const program = this.program!;
    const at = (name: string) => gl.getUniformLocation(program, name);
    gl.useProgram(program);
    gl.uniformMatrix4fv(at('u_matrix'), false, matrix);
    gl.uniform1f(at('u_top'), Math.min(this.topM, 1e6));
    gl.uniform3fv(at('u_light'), LIGHT);
    gl.uniform1i(at('u_numbers'), asNumbers ? 1 : 0);
    gl.uniform1f(at('u_chosen'), this.chosen);
    for (const { vao, primitive, content, first } of this.drawn) {
      gl.uniform1f(at('u_scale'), content.scale);
      gl.uniform3fv(at('u_shift'), content.shift);
      gl.uniform1f(at('u_first'), first);
      gl.uniform4fv(at('u_colour'), primitive.colour);
      gl.bindVertexArray(vao);
      gl.drawElements(gl.TRIANGLES, primitive.count, primitive.wide ? gl.UNSIGNED_INT : gl.UNSIGNED_SHORT, 0);
    }
    gl.bindVertexArray(null);
  }

  // `x`, `y`: pixels of the page from the map's upper left corner.
  private numberAt(gl: WebGL2RenderingContext, matrix: Float32Array, x: number, y: number): Row | null {
    const { width, height } = gl.canvas;
    const ratio = width / this.map.getCanvas().clientWidth;
    const before = gl.getParameter(gl.FRAMEBUFFER_BINDING);
    const frame = gl.createFramebuffer();
    const [picture, depth] = [gl.createRenderbuffer(), gl.createRenderbuffer()];
    gl.bindFramebuffer(gl.FRAMEBUFFER, frame);
    gl.bindRenderbuffer(gl.RENDERBUFFER, picture);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.RGBA8, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.RENDERBUFFER, picture);
    gl.bindRenderbuffer(gl.RENDERBUFFER, depth);
    gl.renderbufferStorage(gl.RENDERBUFFER, gl.DEPTH_COMPONENT24, width, height);
    gl.framebufferRenderbuffer(gl.FRAMEBUFFER, gl.DEPTH_ATTACHMENT, gl.RENDERBUFFER, depth);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.draw(gl, matrix, true);
    const pixel = new Uint8Array(4);
    gl.readPixels(Math.round(x * ratio), height - 1 - Math.round(y * ratio), 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, pixel);
    gl.bindFramebuffer(gl.FRAMEBUFFER, before);
    gl.deleteFramebuffer(frame);
    gl.deleteRenderbuffer(picture);
    gl.deleteRenderbuffer(depth);
    const number = pixel[0] + 256 * pixel[1] + 65536 * pixel[2];
    return number ? this.rows[number - 1] ?? null : null;
  }

  private upload(content: Content, primitive: Primitive): Drawn {
    const gl = this.gl!;
    const buffers: WebGLBuffer[] = [];
    const fill = (target: number, bytes: Uint8Array) => {
      const buffer = gl.createBuffer()!;
      gl.bindBuffer(target, buffer);
      gl.bufferData(target, bytes, gl.STATIC_DRAW);
      buffers.push(buffer);
    };
    const vao = gl.createVertexArray()!;
    gl.bindVertexArray(vao);
    fill(gl.ARRAY_BUFFER, primitive.positions);
    gl.enableVertexAttribArray(0);
    gl.vertexAttribPointer(0, 3, gl.SHORT, false, 8, 0);
    fill(gl.ARRAY_BUFFER, primitive.normals);
    gl.enableVertexAttribArray(1);
    gl.vertexAttribPointer(1, 3, gl.BYTE, true, 4, 0);
    fill(gl.ARRAY_BUFFER, primitive.ids);
    gl.enableVertexAttribArray(2);
    gl.vertexAttribPointer(2, 1, gl.UNSIGNED_SHORT, false, 4, 0);
    fill(gl.ELEMENT_ARRAY_BUFFER, primitive.indices);
    gl.bindVertexArray(null);
    const first = this.rows.length;
    this.rows.push(...primitive.rows);
    return { vao, buffers, primitive, content, first };
  }

  private clear(): void {
    for (const { vao, buffers } of this.drawn) {
      this.gl?.deleteVertexArray(vao);
      for (const buffer of buffers) this.gl?.deleteBuffer(buffer);
    }
    this.drawn = [];
    this.rows = [];
    this.chosen = -1;
  }
}
