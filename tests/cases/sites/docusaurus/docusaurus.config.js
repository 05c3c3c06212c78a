module.exports = {
  title: "Below the tide",
  tagline: "Notes from the kelp",
  url: "https://kelp.test",
  baseUrl: "/notes/",
  i18n: { defaultLocale: "en", locales: ["en"] },
};
