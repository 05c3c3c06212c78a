module.exports = {
  title: 'E',
};
