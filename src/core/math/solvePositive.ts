/**
 * Solves A x = b in place for symmetric positive definite A [n,n] (lower triangle read) by Cholesky; x lands in b.
 * @returns false if A is not.
 */
export function solvePositive(A: Float64Array, b: Float64Array, n: number): boolean {
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let s = A[i * n + j];
      for (let k = 0; k < j; k++) s -= A[i * n + k] * A[j * n + k];
      if (i !== j) A[i * n + j] = s / A[j * n + j];
      else if (s > 0) A[i * n + i] = Math.sqrt(s);
      else return false;
    }
  }
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < i; k++) b[i] -= A[i * n + k] * b[k];
    b[i] /= A[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) b[i] -= A[k * n + i] * b[k];
    b[i] /= A[i * n + i];
  }
  return true;
}
