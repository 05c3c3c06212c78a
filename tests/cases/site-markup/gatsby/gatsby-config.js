module.exports = {
  siteMetadata: { title: "Oast" },
  plugins: [{ resolve: "gatsby-source-filesystem", options: { path: `${__dirname}/content` } }],
};
