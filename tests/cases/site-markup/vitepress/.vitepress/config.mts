export default {
  title: 'Vite',
  lang: 'en-GB',
  base: '/log/',
}
