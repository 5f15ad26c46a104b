import { describe, expect, it } from "vitest";
import { decimal30, float64 } from "../../src/formula/arithmetic";

describe("float64", () => {
  it("is ordinary arithmetic", () => {
    expect(float64.of(0.1)).toBe(0.1);
    expect([float64.plus(6, 3), float64.minus(6, 3), float64.times(6, 3), float64.over(6, 3)]).toEqual([9, 3, 18, 2]);
    expect([float64.exp(2), float64.ln(2)]).toEqual([Math.exp(2), Math.log(2)]);
    expect([float64.greater(2, 1), float64.greater(1, 2), float64.greater(1, 1)]).toEqual([true, false, false]);
  });
});

describe("decimal30", () => {
  const { of, plus, minus, times, over, exp, ln, greater } = decimal30;

  it("takes the float64 number 0.1 for what it is, not for one tenth", () => {
    expect(of(0.1).toFixed()).toBe("0.1000000000000000055511151231257827021181583404541015625");
    expect(of(-1 / 3).toFixed()).toBe("-0.333333333333333314829616256247390992939472198486328125");
  });

  it("takes whole numbers, zeros, large and small numbers as they are", () => {
    for (const x of [0, 1, -7, 2 ** 53, 1e300, 5e-324, -Number.MAX_VALUE]) expect(of(x).toNumber()).toBe(x);
    expect(of(2 ** 150).toFixed()).toBe(String(2n ** 150n));
  });

  it("computes with 30 digits", () => {
    expect(over(of(1), of(3)).toFixed()).toBe(`0.${"3".repeat(30)}`);
    expect(plus(of(1), of(2)).toNumber()).toBe(3);
    expect(minus(of(1), of(3)).toNumber()).toBe(-2);
    expect(times(of(3), over(of(1), of(3))).toFixed()).toBe(`0.${"9".repeat(30)}`);
    expect(minus(plus(of(1), of(1e-20)), of(1)).toFixed()).toBe("0.00000000000000000001");
  });

  it("knows e and ln 2 to 30 digits", () => {
    expect(exp(of(1)).toFixed()).toBe("2.71828182845904523536028747135");
    expect(ln(of(2)).toFixed()).toBe("0.693147180559945309417232121458");
  });

  it("neither overflows nor underflows where float64 does", () => {
    expect([Math.exp(1000), Math.exp(-1e6)]).toEqual([Number.POSITIVE_INFINITY, 0]);
    expect(exp(of(1000)).e).toBe(434);
    expect(exp(of(-1e6)).gt(0)).toBe(true);
    expect(ln(exp(of(-1e6))).toFixed()).toBe("-1000000");
  });

  it("compares", () => {
    expect([greater(of(2), of(1)), greater(of(1), of(2)), greater(of(1), of(1))]).toEqual([true, false, false]);
  });
});
