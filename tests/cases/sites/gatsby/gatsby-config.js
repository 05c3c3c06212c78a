module.exports = {
  siteMetadata: {
    title: `Gatsby letters`,
    author: {
      name: `Ada Quay`,
    },
    description: `From the quay`,
    siteUrl: `https://tide.test/`,
  },
  plugins: [
    {
      resolve: `gatsby-source-filesystem`,
      options: { path: `${__dirname}/content/blog`, name: `blog` },
    },
    { resolve: `gatsby-source-filesystem`, options: { name: `images`, path: `${__dirname}/src/images` } },
  ],
}
