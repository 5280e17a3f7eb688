import '@banyan/shared/fonts.css'
