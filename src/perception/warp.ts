/**
 * Parameters of a projective map: shift right and down, scale, rotation, stretch, shear, and two of perspective; all 0:
 * the identity.
 */
export const WARP = 8;

/**
 * Warps a picture by a projective map of its plane, bilinear between pixels, with the border's colour outside:
 *
 *     out(x, y) = image(X/W, Y/W),   (X, Y, W) = (I + [[g + a, h − r, t_x], [h + r, g − a, t_y], [e, f, 0]]) (x, y, 1)
 *
 * x, y from the picture's centre, right and down, in halves of its height. Any two pictures of one plane by pinhole
 * cameras are related by such a map. Source: Hartley & Zisserman, Multiple View Geometry, 2.3 and 13.1.
 *
 * @param out, image rgb [height,width,3]; not the same array
 * @param p [WARP] t_x, t_y, g, r, a, h, e, f
 */
export function warp(
  out: Uint8Array,
  image: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
  p: ArrayLike<number>,
): void {
  const half = height / 2,
    cx = (width - 1) / 2,
    cy = (height - 1) / 2,
    row = 3 * width;
  const xx = 1 + p[2] + p[4],
    xy = p[5] - p[3],
    yx = p[5] + p[3],
    yy = 1 + p[2] - p[4];
  for (let v = 0, o = 0; v < height; v++)
    for (let u = 0; u < width; u++, o += 3) {
      const x = (u - cx) / half,
        y = (v - cy) / half;
      const scale = half / Math.max(0.1, p[6] * x + p[7] * y + 1);
      const X = clamp((xx * x + xy * y + p[0]) * scale + cx, width - 1),
        Y = clamp((yx * x + yy * y + p[1]) * scale + cy, height - 1);
      const left = Math.min(X | 0, width - 2),
        top = Math.min(Y | 0, height - 2),
        i = top * row + 3 * left;
      const fx = X - left,
        fy = Y - top;
      for (let c = 0; c < 3; c++) {
        const above = image[i + c] + fx * (image[i + c + 3] - image[i + c]);
        const below = image[i + c + row] + fx * (image[i + c + row + 3] - image[i + c + row]);
        out[o + c] = above + fy * (below - above) + 0.5;
      }
    }
}

const clamp = (x: number, most: number): number => (x > 0 ? Math.min(x, most) : 0);
