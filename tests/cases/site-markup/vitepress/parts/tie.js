// #region knot
tie("a")
// #endregion knot
untie()
