/* The page may use what needs JavaScript; runs before anything is drawn, so that nothing jumps. */
document.body.classList.add("js-enabled", "nhsuk-frontend-supported");
